export type Traffic = 'http' | 'streams' | 'sockets';

/** What happened to users. */
export interface Counts {
  readonly http: number;
  readonly streams: number;
  /** Messages that came back over sockets. */
  readonly sockets: number;
  /** Times that a socket was asked to come back (1012); where one could not, that is a failure. */
  readonly reconnects: number;
  /** What went wrong, in words. */
  readonly failed: readonly string[];
}

const nothing = { http: 0, streams: 0, sockets: 0, reconnects: 0 };

/** Counts what happens to users. */
export class Tally {
  #counts = { ...nothing };
  #failed: string[] = [];

  /** @param failure what went wrong; absent where nothing did */
  count(traffic: Traffic, failure?: string): void {
    this.#counts[traffic] += 1;
    if (failure !== undefined) this.#failed.push(`${new Date().toISOString()} ${traffic}: ${failure}`);
  }

  askedBack(): void {
    this.#counts.reconnects += 1;
  }

  /** The counts since the last call. */
  take(): Counts {
    const taken = { ...this.#counts, failed: this.#failed };
    this.#counts = { ...nothing };
    this.#failed = [];
    return taken;
  }
}
