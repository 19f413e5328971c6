import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalWorkload } from './local-platform.ts';
import type { LineWriter } from './log-lines.ts';
import { startFromSource, type SourceProcess } from './source-process.ts';

const stopTimeoutMs = 10_000;

/** A workload that is started again when its source changes; one that fails waits for that. */
export class SupervisedWorkload {
  readonly workload: LocalWorkload;
  readonly #write: LineWriter;
  #running: SourceProcess | undefined;
  #isOver = false;
  /** Restarts follow each other: two at once would leave a process that nobody knows. */
  #last: Promise<void> = Promise.resolve();

  constructor(workload: LocalWorkload, write: LineWriter) {
    this.workload = workload;
    this.#write = write;
  }

  start(): void {
    const started = startFromSource(this.workload, this.#write);
    this.#running = started;
    void started.ended.then((ending) => {
      if (this.#running !== started) return;
      this.#running = undefined;
      this.#write(`ended with ${String(ending)}; it is started again when its source changes`);
    });
  }

  /** Ends the process in its own time, and before long in any case. It is not started again. */
  stop(): Promise<void> {
    this.#isOver = true;
    return this.#next(() => this.#end());
  }

  restart(): Promise<void> {
    return this.#next(async () => {
      await this.#end();
      if (!this.#isOver) this.start();
    });
  }

  /** Resolves when the workload says that it is ready; false when it ends before. */
  async untilReady(signal: AbortSignal): Promise<boolean> {
    while (this.#running !== undefined && !signal.aborted) {
      if (await answers(`${this.workload.url}/readyz`)) return true;
      await sleep(50);
    }
    return false;
  }

  #next(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work);
    return this.#last;
  }

  async #end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    running.child.kill('SIGTERM');
    const patience = new AbortController();
    const overdue = sleep(stopTimeoutMs, 'overdue' as const, { signal: patience.signal }).catch(() => undefined);
    if ((await Promise.race([running.ended, overdue])) === 'overdue') running.child.kill('SIGKILL');
    patience.abort();
    await running.ended;
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}
