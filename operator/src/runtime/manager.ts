import { asError, ShuttingDown } from './errors.ts';
import { Elector } from './leadership/elector.ts';
import { EventLoopMonitor } from './process/event-loop.ts';
import { HealthServer } from './process/health-server.ts';
import { LeaderLoop } from './process/leader-loop.ts';
import type { ManagerOptions } from './process/manager-options.ts';
import { assemble } from './process/assemble.ts';
import type { Assembly } from './process/assemble.ts';

/** A running operator. */
export interface Manager {
  /** Bound port of the health server; 0 without one. */
  readonly healthPort: number;
  /** Resolves when it has stopped. */
  readonly stopped: Promise<void>;
  isLeading(): boolean;
  /** Resolves when every cache has been filled once. */
  whenSynced(): Promise<void>;
  /** Stops intake, drains, releases the lease, closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

const defaultDrainMs = 30_000;
/** A view that contradicts what was seen for this long will not mend itself; a new process starts from what there is. */
const stuckMs = 300_000;
const flushMs = 2_000;

/**
 * Starts an operator and returns as soon as its health server listens. Caches are filled whether it leads or not, so that
 * a standby takes over without delay; work is done only while it leads.
 * @throws Error when the controllers contradict each other or the health port is taken.
 */
export async function startManager(options: ManagerOptions): Promise<Manager> {
  const process = new OperatorProcess(options);
  await process.start();
  return process;
}

class OperatorProcess implements Manager {
  readonly stopped: Promise<void>;
  healthPort = 0;
  readonly #options: ManagerOptions;
  readonly #parts: Assembly;
  readonly #elector: Elector | undefined;
  readonly #loop: LeaderLoop;
  readonly #health: HealthServer | undefined;
  readonly #eventLoop = new EventLoopMonitor();
  readonly #ending = new AbortController();
  readonly #finished = Promise.withResolvers<void>();
  #running: Promise<unknown> = Promise.resolve();
  #stopping = false;

  constructor(options: ManagerOptions) {
    const { lease, log, health, controllers, registry } = options;
    this.#options = options;
    this.#parts = assemble(options);
    this.stopped = this.#finished.promise;
    const { transport, clock, random, cache, runners } = this.#parts;
    this.#elector = lease && new Elector({ lease, transport, clock, random, log });
    const kinds = controllers.map(({ kind }) => kind);
    this.#loop = new LeaderLoop({ runners, kinds, cache, elector: this.#elector, clock, log });
    this.#health =
      health &&
      new HealthServer({ ...health, registry, live: [() => this.#trouble()], ready: [() => this.#unready()] });
    this.#declareGauges();
  }

  isLeading(): boolean {
    return this.#loop.isLeading();
  }

  whenSynced(): Promise<void> {
    return this.#parts.cache.whenSynced();
  }

  async start(): Promise<void> {
    this.healthPort = (await this.#health?.start()) ?? 0;
    this.#eventLoop.start();
    const { signal } = this.#ending;
    this.#running = Promise.all([this.#parts.cache.run(signal), this.#loop.run(signal)]);
  }

  async stop(): Promise<void> {
    if (this.#stopping) return this.stopped;
    this.#stopping = true;
    const { log, onStopped, drainMs = defaultDrainMs } = this.#options;
    const { recorder, transport } = this.#parts;
    await this.#loop.drain(drainMs);
    await recorder.flush(flushMs);
    await this.#loop.end();
    await this.#elector?.release();
    this.#ending.abort(new ShuttingDown('the process is stopping'));
    await this.#running;
    await this.#health?.stop();
    this.#eventLoop.stop();
    await transport.close();
    await onStopped?.().catch((error: unknown) => {
      log.warn({ err: asError(error) }, 'could not flush');
    });
    log.info({}, 'stopped');
    this.#finished.resolve();
  }

  #trouble(): string | undefined {
    const { cache, runners } = this.#parts;
    if (cache.stuckMs() > stuckMs) return 'the API server shows a past that contradicts what was seen before';
    return runners.map((runner) => runner.hanging()).find((trouble) => trouble !== undefined);
  }

  #unready(): string | undefined {
    return this.#parts.cache.hasSynced() ? undefined : 'the caches are not filled yet';
  }

  #declareGauges(): void {
    const { factory } = this.#parts;
    const { name } = this.#options;
    factory.gauge('leader_election_master_status', 'Whether this process leads', ['name'], (gauge) => {
      gauge.set({ name }, this.isLeading() ? 1 : 0);
    });
    factory.gauge('event_loop_lag_seconds', 'Longest delay of the event loop since the last reading', [], (gauge) => {
      gauge.set(this.#eventLoop.takeLongestSeconds());
    });
  }
}
