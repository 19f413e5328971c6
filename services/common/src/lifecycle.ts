import type { Logger } from './logger.ts';

type Closer = () => void | Promise<void>;

const stopped = (): Error => new Error('the process is stopping');

/** The life of a process: whether it is stopping, and what has to be closed, last opened first. */
export class Lifecycle {
  readonly #closers: { name: string; close: Closer }[] = [];
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #streams = new AbortController();
  #draining = false;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** True from the stop signal on: not ready, but still serving. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Aborts when what would never end by itself, and loses nothing by ending (sockets, workers), has to end. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Aborts when event streams have to end: shortly before the grace period does, so that most end by themselves. */
  get streamsEnd(): AbortSignal {
    return this.#streams.signal;
  }

  beginDrain(): void {
    this.#draining = true;
  }

  stop(): void {
    this.#draining = true;
    this.#stopping.abort(stopped());
  }

  endStreams(): void {
    this.stop();
    this.#streams.abort(stopped());
  }

  /** Registers what to close when the process stops. What was registered last is closed first. */
  onClose(name: string, close: Closer): void {
    this.#closers.push({ name, close });
  }

  /** For a part that goes on working with what it has when something about it fails. */
  readonly report = (error: unknown): void => this.#log.error({ error }, 'a part could not be renewed');

  /** Closes everything; a failure is logged and does not keep the rest from closing. */
  async close(): Promise<void> {
    for (let closer = this.#closers.pop(); closer !== undefined; closer = this.#closers.pop()) {
      try {
        await closer.close();
      } catch (error) {
        this.#log.error({ error, part: closer.name }, 'a part did not close');
      }
    }
  }
}
