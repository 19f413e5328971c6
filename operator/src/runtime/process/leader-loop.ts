import type { Cache } from '../cache/cache.ts';
import type { Clock } from '../clock.ts';
import { sleep } from '../clock.ts';
import { ShuttingDown } from '../errors.ts';
import type { Elector } from '../leadership/elector.ts';
import { Term } from '../leadership/term.ts';
import type { Logger } from '../logger.ts';
import type { ResourceKind } from '../resource-kind.ts';
import type { ControllerRunner } from '../reconcile/controller-runner.ts';

export interface LeaderLoopOptions {
  readonly runners: readonly ControllerRunner[];
  /** The reconciled kinds, which are listed anew at the start of a term. */
  readonly kinds: readonly ResourceKind[];
  readonly cache: Cache;
  /** Absent: this process always leads. */
  readonly elector: Elector | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** After the drain, for steps to notice that their signal is aborted. */
const abortMs = 2_000;

/** Waits for the lease, works for a term, and waits again. */
export class LeaderLoop {
  readonly #options: LeaderLoopOptions;
  #term: Term | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #draining = false;

  constructor(options: LeaderLoopOptions) {
    this.#options = options;
  }

  isLeading(): boolean {
    return this.#term !== undefined && !this.#term.isOver();
  }

  /** Runs until `drain`, or until the signal aborts while it waits for the caches or the lease. */
  async run(signal: AbortSignal): Promise<void> {
    const { cache, elector, clock } = this.#options;
    try {
      await until(cache.whenSynced(), signal);
      while (!this.#draining) {
        const term = elector ? await elector.acquire(signal) : Term.permanent(clock);
        this.#term = term;
        if (this.#draining) return await this.end();
        this.#work = this.#lead(term);
        await this.#work;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Takes in nothing more and gives the reconciles under way time to end. */
  async drain(drainMs: number): Promise<void> {
    this.#draining = true;
    for (const runner of this.#options.runners) runner.stop();
    await this.#settled(drainMs);
  }

  /**
   * Aborts what is still under way and ends the term. The lease is still held: nobody else can have begun while something
   * here was under way.
   */
  async end(): Promise<void> {
    this.#term?.end(new ShuttingDown('the process is stopping'));
    await this.#settled(abortMs);
  }

  async #settled(withinMs: number): Promise<void> {
    const patience = new AbortController();
    await Promise.race([this.#work, sleep(this.#options.clock, withinMs, patience.signal).catch(() => undefined)]);
    patience.abort();
  }

  async #lead(term: Term): Promise<void> {
    const { runners, kinds, cache, elector, log } = this.#options;
    try {
      // Proof that no spec in the cache is older than what the leader before has already acted on.
      if (elector) await until(Promise.all(kinds.map((kind) => cache.relist(kind))), term.signal);
    } catch {
      return;
    }
    if (this.#draining) return;
    log.info({}, 'leading');
    const guard = (): void => {
      term.assert();
    };
    await Promise.all(runners.map((runner) => runner.lead({ signal: term.signal, guard })));
  }
}

/** The promise, or a rejection when the signal aborts first. */
async function until(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
