import type { Postgres } from '../clients/postgres.ts';
import { SsrfGuard } from '../clients/ssrf-guard.ts';
import type { Transaction } from '../clients/transaction.ts';
import type { Route } from '../http/route.ts';
import type { Identity } from '../identity-token.ts';
import type { ServiceContext } from '../service-context.ts';
import { isEnded } from './job.ts';
import type { Job, JobKind, NewJob } from './job.ts';
import { jobRoutes } from './job-routes.ts';
import type { JobScopes } from './job-routes.ts';
import { JobRunner } from './job-runner.ts';
import { JobStore } from './job-store.ts';
import { found, toJob } from './job-row.ts';
import type { JobRow } from './job-row.ts';
import type { JobLimits } from './job-store.ts';
import { Wakeup } from './wakeup.ts';
import { sendDueWebhook } from './webhook-sender.ts';

export interface JobsOptions {
  readonly context: ServiceContext;
  readonly database: Postgres;
  /** How each kind is done. */
  readonly kinds: Readonly<Record<string, JobKind>>;
  /** Where the routes of the jobs are, such as `/v1/convert/jobs`. */
  readonly path: string;
  readonly scopes?: JobScopes;
  /** How many at once in this process; 2 by default, 0 for a process that only takes jobs. */
  readonly concurrency?: number;
  readonly limits?: JobLimits;
  /** Calls the addresses of webhooks. */
  readonly guard?: SsrfGuard;
}

const HOUSEKEEPING_MS = 5_000;
const CLEAN_ROWS = 200;
const POLL_MS = 500;

/** Long jobs: kept in PostgreSQL, done by any process of the service, watched and cancelled over HTTP. */
export class Jobs {
  readonly path: string;
  readonly #options: JobsOptions;
  readonly #store: JobStore;
  readonly #runner: JobRunner;
  readonly #guard: SsrfGuard;
  readonly #ended = new Wakeup();
  readonly #stop = new AbortController();

  constructor(options: JobsOptions) {
    const { context, database, kinds, path, concurrency = 2, limits = {} } = options;
    const { clock, log, lifecycle } = context;
    this.path = path;
    this.#options = options;
    this.#guard = options.guard ?? new SsrfGuard();
    this.#store = new JobStore(database, limits);
    const onEnd = (): void => this.#ended.wake();
    this.#runner = new JobRunner({ store: this.#store, kinds, concurrency, clock, log, lifecycle, onEnd });
  }

  /** Begins to work, until the process stops. */
  start(): void {
    this.#runner.start();
    const housekeeping = this.#keepHouse();
    this.#options.context.lifecycle.onClose('jobs', async () => {
      this.#stop.abort();
      this.#ended.wake();
      await Promise.all([this.#runner.stop(), housekeeping]);
      await this.#guard.close();
    });
  }

  /**
   * Adds a job. Inside a transaction of the caller it is added together with the caller's own changes.
   *
   * @throws AppError 429 when the tenant has too many unfinished ones, 400 when the webhook's address is not public
   */
  async add(job: NewJob, identity: Pick<Identity, 'tenant' | 'subject'>, tx?: Transaction): Promise<Job> {
    const kind = this.#options.kinds[job.kind];
    if (kind === undefined) throw new Error(`there is no kind of job ${job.kind}`);
    if (job.webhook !== undefined) this.#guard.check(job.webhook.url);
    const checked = { ...job, input: kind.input.parse(job.input) };
    const add = (on: Transaction): Promise<JobRow> => this.#store.add(on, checked, identity);
    const row = tx === undefined ? await this.#options.database.withTransaction({}, add) : await add(tx);
    this.#runner.wake();
    return toJob(row, this.path);
  }

  /** To be called after the commit of a transaction that has added a job: until then nobody can see it. */
  wake(): void {
    this.#runner.wake();
  }

  /** @throws AppError 404 */
  async get(tenant: string, id: string): Promise<Job> {
    return toJob(found(await this.#store.find(tenant, id)), this.path);
  }

  /** Cancels a job that has not ended yet; one that has stays as it is. @throws AppError 404 */
  async cancel(tenant: string, id: string): Promise<Job> {
    const row = found(await this.#store.cancel(tenant, id));
    if (row.status === 'running') this.#runner.cancel(id);
    this.#ended.wake();
    return toJob(row, this.path);
  }

  /** Waits until a job has ended, or for `ms`. @returns how it is then */
  async wait(tenant: string, id: string, ms: number, signal: AbortSignal): Promise<Job> {
    const { clock, lifecycle } = this.#options.context;
    const endsAtMs = clock.now() + ms;
    const stop = AbortSignal.any([signal, lifecycle.stopping]);
    for (;;) {
      const job = await this.get(tenant, id);
      const leftMs = endsAtMs - clock.now();
      if (isEnded(job) || leftMs <= 0 || stop.aborted) return job;
      await this.#ended.wait(clock, Math.min(POLL_MS, leftMs), stop);
    }
  }

  /** The routes of the jobs: list, get, events, output, cancel. */
  routes(): Route[] {
    const { scopes = {}, context } = this.#options;
    return jobRoutes({
      path: this.path,
      store: this.#store,
      scopes,
      cancel: (tenant, id) => this.cancel(tenant, id),
      pause: (signal) => this.#ended.wait(context.clock, POLL_MS, signal),
    });
  }

  async #keepHouse(): Promise<void> {
    const { context, path } = this.#options;
    const { clock, log } = context;
    while (!this.#stop.signal.aborted) {
      try {
        while (await sendDueWebhook({ store: this.#store, guard: this.#guard, clock, log, path })) continue;
        await this.#store.clean(CLEAN_ROWS);
      } catch (error) {
        log.warn({ error }, 'jobs were not tidied up');
      }
      await this.#ended.wait(clock, HOUSEKEEPING_MS, this.#stop.signal);
    }
  }
}
