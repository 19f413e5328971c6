import { randomUUID } from 'node:crypto';
import { atMost } from '../clock.ts';
import type { Clock } from '../clock.ts';
import type { Lifecycle } from '../lifecycle.ts';
import type { Logger } from '../logger.ts';
import { toAppError } from '../http/error-reply.ts';
import { JobAborted } from './job.ts';
import type { JobKind, JobProblem, JobRun } from './job.ts';
import type { ClaimedJob, JobEnd, JobStore } from './job-store.ts';
import { Wakeup } from './wakeup.ts';

export interface JobRunnerOptions {
  readonly store: JobStore;
  readonly kinds: Readonly<Record<string, JobKind>>;
  /** How many at once in this process. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  /** Called when this process has ended a job. */
  readonly onEnd: (id: string) => void;
}

const POLL_MS = 1_000;
const RENEW_MS = 3_000;
const PROGRESS_MS = 500;
const MAX_ATTEMPTS = 3;
const RETRY_MS = 2_000;
/** How long running jobs may take to notice that the process stops. */
const STOP_MS = 2_000;

interface Running {
  readonly id: string;
  readonly controller: AbortController;
}

/**
 * Works on jobs: takes what is due, a bounded number at once, and tells the database every few seconds that it lives.
 * A job whose worker dies is due again 15 s later.
 */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  /** By claim: a process that was stalled may have lost a job and taken it again. */
  readonly #running = new Map<string, Running>();
  readonly #wakeup = new Wakeup();
  readonly #stop = new AbortController();
  readonly #jobs = new Set<Promise<void>>();
  #loops: Promise<void>[] = [];

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loops = [this.#work(), this.#renewing()];
  }

  /** There may be something to do. */
  wake(): void {
    this.#wakeup.wake();
  }

  /** Aborts a job of this process at once, without waiting for the next renewal. */
  cancel(id: string): void {
    for (const running of this.#running.values()) {
      if (running.id === id) running.controller.abort(new JobAborted('cancelled'));
    }
  }

  /** Takes no more, and gives back what is running: another process goes on with it. */
  async stop(): Promise<void> {
    this.#stop.abort();
    for (const { controller } of this.#running.values()) controller.abort(new JobAborted('stopping'));
    const ended = Promise.all([...this.#loops, ...this.#jobs]);
    await atMost(this.#options.clock, STOP_MS, ended);
    await this.#options.store.requeueAll([...this.#running.keys()]);
  }

  async #work(): Promise<void> {
    const { store, kinds, clock, log, lifecycle, concurrency } = this.#options;
    while (!this.#stop.signal.aborted) {
      let job: ClaimedJob | undefined;
      try {
        const free = this.#jobs.size < concurrency && !lifecycle.draining;
        job = free ? await store.claim(Object.keys(kinds), randomUUID()) : undefined;
        if (job !== undefined && lifecycle.draining) job = await this.#giveBack(job);
      } catch (error) {
        log.error({ error }, 'jobs cannot be taken');
      }
      if (job === undefined) await this.#wakeup.wait(clock, POLL_MS, this.#stop.signal);
      else this.#begin(job);
    }
  }

  /** The process began to stop while a job was being taken: another one is to have it. */
  async #giveBack({ owner }: ClaimedJob): Promise<undefined> {
    await this.#options.store.requeueAll([owner]);
  }

  #begin(job: ClaimedJob): void {
    const working = this.#run(job)
      .catch((error: unknown) => this.#options.log.error({ error, job: job.id }, 'the end of a job was not kept'))
      .finally(() => {
        this.#jobs.delete(working);
        this.#wakeup.wake();
        this.#options.onEnd(job.id);
      });
    this.#jobs.add(working);
  }

  async #run(job: ClaimedJob): Promise<void> {
    const { store, log } = this.#options;
    if (job.attempts > MAX_ATTEMPTS) {
      const problem = {
        status: 500,
        code: 'JOB_WORKER_LOST',
        detail: `${MAX_ATTEMPTS} workers have died over this job`,
      };
      await store.finish(job.owner, job.id, { status: 'failed', problem });
      return;
    }
    const controller = new AbortController();
    this.#running.set(job.owner, { id: job.id, controller });
    try {
      const end = await this.#attempt(job, controller);
      if (end !== undefined && !(await store.finish(job.owner, job.id, end)))
        log.warn({ job: job.id }, 'a job was lost to another worker');
    } finally {
      this.#running.delete(job.owner);
    }
  }

  /** Undefined where the job has not ended here. */
  async #attempt(job: ClaimedJob, controller: AbortController): Promise<JobEnd | undefined> {
    const { store, kinds, log } = this.#options;
    const progress = this.#progressOf(job);
    try {
      const kind = kinds[job.kind] as JobKind;
      const run: JobRun<unknown> = {
        id: job.id,
        input: kind.input.parse(job.input),
        payload: job.payload ?? undefined,
        identity: { tenant: job.tenant, subject: job.subject },
        attempt: job.attempts,
        signal: controller.signal,
        progress: progress.report,
        log: log.child({ job: job.id }),
      };
      const result = await kind.run(run);
      await progress.settled();
      return { status: 'succeeded', result: result ?? null };
    } catch (error) {
      await progress.settled();
      return await this.#failed(job, controller.signal, error, store);
    }
  }

  async #failed(job: ClaimedJob, signal: AbortSignal, thrown: unknown, store: JobStore): Promise<JobEnd | undefined> {
    const { log } = this.#options;
    const reason = signal.aborted ? (signal.reason as JobAborted).reason : undefined;
    if (reason === 'cancelled') return { status: 'cancelled' };
    if (reason === 'lost') return undefined;
    if (reason === 'stopping') {
      await store.requeue(job.owner, job.id, 0, false);
      return undefined;
    }
    const error = toAppError(thrown);
    if (error.retryable && job.attempts < MAX_ATTEMPTS) {
      await store.requeue(job.owner, job.id, RETRY_MS * 2 ** (job.attempts - 1), true);
      return undefined;
    }
    if (error.status >= 500) log.error({ error: thrown, job: job.id }, 'a job failed');
    const { status, code, title, detail } = error;
    const problem: JobProblem = { status, code, title, detail };
    return { status: 'failed', problem };
  }

  /** Writes at most twice a second, one after the other. */
  #progressOf({ id, owner }: ClaimedJob): { report: (fraction: number) => void; settled: () => Promise<void> } {
    const { store, clock, log } = this.#options;
    let nextMs = 0;
    let writing: Promise<void> = Promise.resolve();
    const report = (fraction: number): void => {
      if (clock.now() < nextMs || !(fraction >= 0 && fraction <= 1)) return;
      nextMs = clock.now() + PROGRESS_MS;
      writing = writing
        .then(() => store.progress(owner, id, fraction))
        .catch((error: unknown) => log.warn({ error, job: id }, 'progress was not kept'));
    };
    return { report, settled: () => writing };
  }

  async #renewing(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stop.signal.aborted) {
      await clock.sleep(RENEW_MS, this.#stop.signal).catch(() => undefined);
      if (this.#running.size === 0 || this.#stop.signal.aborted) continue;
      await this.#renew();
    }
  }

  async #renew(): Promise<void> {
    try {
      const mine = await this.#options.store.renew([...this.#running.keys()]);
      for (const [owner, { controller }] of this.#running) {
        if (!mine.has(owner)) controller.abort(new JobAborted('lost'));
        else if (mine.get(owner) === true) controller.abort(new JobAborted('cancelled'));
      }
    } catch (error) {
      this.#options.log.warn({ error }, 'the claims of jobs were not renewed');
    }
  }
}
