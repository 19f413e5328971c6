import type { Clock } from '../clock.ts';
import { sleep } from '../clock.ts';
import { asError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { LiveObject } from '../object.ts';
import { isNotFound } from '../transport/api-error.ts';
import { mediaTypes } from '../transport/call.ts';
import { startDeadline } from '../transport/deadline.ts';
import type { Transport } from '../transport/transport.ts';
import type { LeaseOptions } from './lease-options.ts';
import type { Lease } from './lease.ts';
import { heldBy, leases, released } from './lease.ts';
import { instantOf, Term } from './term.ts';

const releaseMs = 3_000;

export interface ElectorOptions {
  readonly lease: LeaseOptions;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random?: () => number;
  readonly log: Logger;
}

/** What has been seen of the lease, and when by our own clock: others' clocks are never compared with ours. */
interface Observation {
  readonly lease: LiveObject<Lease>;
  readonly at: number;
}

/**
 * Leader election by a Lease. Safe as long as clocks run at about the same speed; they may show any time. The leader stops
 * by itself after the renew deadline, others wait for the whole duration after they saw the last renewal: between the
 * two lie (duration − deadline) seconds in which nobody leads.
 */
export class Elector {
  readonly #options: ElectorOptions;
  readonly #durationSeconds: number;
  readonly #deadlineMs: number;
  readonly #retryMs: number;
  #observed: Observation | undefined;
  #renewing: Promise<void> = Promise.resolve();
  /** What was observed may be outdated. */
  #mustLook = true;

  /** @throws Error when the deadline is not shorter than the duration, or the retry than the deadline. */
  constructor(options: ElectorOptions) {
    const { durationSeconds = 15, renewDeadlineSeconds = 10, retrySeconds = 2 } = options.lease;
    if (!(retrySeconds < renewDeadlineSeconds && renewDeadlineSeconds < durationSeconds)) {
      throw new Error(
        `lease: needs retry < renew deadline < duration, not ${retrySeconds}, ${renewDeadlineSeconds}, ${durationSeconds} s`,
      );
    }
    this.#options = options;
    this.#durationSeconds = durationSeconds;
    this.#deadlineMs = renewDeadlineSeconds * 1000;
    this.#retryMs = retrySeconds * 1000;
  }

  /**
   * Waits until this process leads and returns the term, which is renewed until it ends or `signal` aborts. After an abort
   * the lease is still held, for `release` to give up when the last effect is done.
   * @throws the signal's reason.
   */
  async acquire(signal: AbortSignal): Promise<Term> {
    const { clock, random = Math.random } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const term = new Term(clock);
      if (await this.#try(term, signal)) {
        this.#renewing = this.#renew(term, signal);
        return term;
      }
      // Up to 20 % more, so that candidates that started together do not collide for ever.
      await sleep(clock, this.#retryMs * (1 + random() * 0.2), signal);
    }
  }

  /**
   * Gives the lease up so that another need not wait for it to run out. The term must have ended. Best effort: the lease
   * runs out anyway.
   */
  async release(): Promise<void> {
    const { lease, clock, log } = this.#options;
    await this.#renewing;
    if (this.#observed?.lease.spec?.holderIdentity !== lease.identity) return;
    const deadline = startDeadline(clock, undefined, releaseMs, () => new Error('no answer in time'));
    try {
      // The last renewal may have been applied without its reply.
      await this.#observe(deadline.signal);
      const held = this.#observed.lease;
      if (held.spec?.holderIdentity !== lease.identity) return;
      await this.#write('update', released(held, clock.now()), deadline.signal);
      log.info({ lease: lease.name }, 'gave up the lease');
    } catch (error) {
      log.warn({ err: asError(error), lease: lease.name }, 'could not give up the lease; it will run out');
    } finally {
      deadline.end();
      this.#observed = undefined;
      this.#mustLook = true;
    }
  }

  async #renew(term: Term, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    while (!term.signal.aborted && !signal.aborted) {
      await sleep(clock, this.#retryMs, term.signal).catch(() => undefined);
      if (term.isOver()) break;
      const kept = await this.#try(term, term.signal);
      if (!kept && this.#isHeldByAnother()) term.end('another process holds the lease');
    }
    if (!signal.aborted) log.info({ why: asError(term.signal.reason).message }, 'no longer leading');
  }

  /** One attempt to take or keep the lease; failures are logged, not thrown, because there is always another. */
  async #try(term: Term, signal: AbortSignal): Promise<boolean> {
    const { lease, clock, log } = this.#options;
    const since = instantOf(clock);
    try {
      if (!this.#holds()) await this.#observe(signal);
      if (!this.#mayTake()) return false;
      const wanted = heldBy(lease.identity, this.#observed?.lease, {
        ...lease,
        durationSeconds: this.#durationSeconds,
        nowMs: clock.now(),
      });
      // Taken before the write was sent: the server counts from when it receives it, which is later.
      const written = await this.#write(this.#observed ? 'update' : 'create', wanted, signal);
      this.#observed = { lease: written, at: clock.monotonic() };
      term.extend(since, this.#deadlineMs);
      return !term.isOver();
    } catch (error) {
      if (signal.aborted) return false;
      // Somebody else may have written first, or our own write was applied and its reply lost.
      this.#mustLook = true;
      log.warn({ err: asError(error), lease: lease.name }, 'could not take or renew the lease');
      return false;
    }
  }

  async #observe(signal: AbortSignal): Promise<void> {
    const { lease, transport, clock } = this.#options;
    const { namespace, name } = lease;
    try {
      const call = { verb: 'get', kind: leases, namespace, name, signal, deadlineMs: this.#callMs() } as const;
      const { body } = await transport.call<LiveObject<Lease>>(call, 'lease');
      this.#mustLook = false;
      // Only a change restarts the wait: it means that the holder was alive just now.
      if (body.metadata.resourceVersion === this.#observed?.lease.metadata.resourceVersion) return;
      this.#observed = { lease: body, at: clock.monotonic() };
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.#mustLook = false;
      this.#observed = undefined;
    }
  }

  async #write(verb: 'create' | 'update', body: Lease, signal: AbortSignal): Promise<LiveObject<Lease>> {
    const { namespace, name } = this.#options.lease;
    const place = verb === 'create' ? { namespace } : { namespace, name };
    const call = {
      verb,
      kind: leases,
      ...place,
      body,
      contentType: mediaTypes.json,
      signal,
      deadlineMs: this.#callMs(),
    } as const;
    return (await this.#options.transport.call<LiveObject<Lease>>(call, 'lease')).body;
  }

  /** Time for two attempts within the renew deadline: the first may be lost in a dead connection. */
  #callMs(): number {
    return Math.min(5_000, this.#deadlineMs / 2);
  }

  #holds(): boolean {
    return !this.#mustLook && this.#observed?.lease.spec?.holderIdentity === this.#options.lease.identity;
  }

  #isHeldByAnother(): boolean {
    const holder = this.#observed?.lease.spec?.holderIdentity ?? '';
    return !this.#mustLook && holder !== '' && holder !== this.#options.lease.identity;
  }

  #mayTake(): boolean {
    if (!this.#observed || !this.#isHeldByAnother()) return true;
    const { lease, at } = this.#observed;
    const durationMs = (lease.spec?.leaseDurationSeconds ?? this.#durationSeconds) * 1000;
    return this.#options.clock.monotonic() - at >= durationMs;
  }
}
