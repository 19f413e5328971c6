import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import type { ControlPlane } from '../../../../test/harness/control-plane.ts';

const AGAIN_MS = 200;

/** What happened to an object; `restart` when all objects are told from the beginning. */
export interface Followed<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'restart';
  readonly object?: T;
}

/** Follows a collection by a watch as the administrator, again and again, until it is stopped. */
export class Follower<T> {
  readonly #plane: ControlPlane;
  readonly #tell: (event: Followed<T>) => void;
  readonly #agent: Agent;
  readonly #url: URL;
  #watch: ClientRequest | undefined;
  #stopped = false;

  /** @param path with the selector, for example `/api/v1/pods?labelSelector=app`. */
  constructor(plane: ControlPlane, path: string, tell: (event: Followed<T>) => void) {
    this.#plane = plane;
    this.#tell = tell;
    const { certPem: cert, keyPem: key } = plane.admin;
    this.#agent = new Agent({ keepAlive: true, ca: plane.caPem, cert, key });
    this.#url = new URL(path, this.#plane.url);
    // Without a version: what exists comes first, as ADDED.
    this.#url.searchParams.set('watch', 'true');
    this.#url.searchParams.set('timeoutSeconds', '3600');
  }

  /** Resolves when the watch is open. */
  start(): Promise<void> {
    return new Promise((resolve) => this.#open(resolve));
  }

  stop(): void {
    this.#stopped = true;
    this.#watch?.destroy();
    this.#agent.destroy();
  }

  #open(opened: () => void): void {
    if (this.#stopped) return opened();
    // The API server may be down: a test restarts it.
    const again = (): void => void setTimeout(() => this.#open(opened), AGAIN_MS);
    this.#watch = request(this.#url, { agent: this.#agent }, (answer) => {
      opened();
      this.#tell({ type: 'restart' });
      this.#read(answer);
    });
    this.#watch.on('error', () => undefined).on('close', again);
    this.#watch.end();
  }

  #read(answer: IncomingMessage): void {
    const lines = createInterface({ input: answer });
    // What ends the answer ends it for the lines as well.
    lines.on('error', () => undefined);
    lines.on('line', (line) => {
      const event = JSON.parse(line) as Followed<T>;
      if (['ADDED', 'MODIFIED', 'DELETED'].includes(event.type)) this.#tell(event);
    });
  }
}
