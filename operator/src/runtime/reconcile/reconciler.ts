import { trace } from '@opentelemetry/api';
import type { Controller } from '../controller.ts';
import { DeadlineExceeded, joinErrors } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { CallContext } from '../object-client.ts';
import type { KubeObject, LiveObject, ObjectKey } from '../object.ts';
import type { Ownership } from '../ownership.ts';
import type { ObjectRef } from '../resource-kind.ts';
import { startDeadline } from '../transport/deadline.ts';
import type { Services } from './context.ts';
import { ReconcileContext } from './context.ts';
import { Finalizer } from './finalizer.ts';
import type { Outcome } from './outcome.ts';
import { failed } from './outcome.ts';
import { pursue } from './pursue.ts';
import { StatusWriter } from './status-writer.ts';
import { summarise } from './summary.ts';
import { eventsOf } from './transitions.ts';

/** One object's turn. */
interface Visit<T extends KubeObject> {
  readonly ref: ObjectRef<T>;
  readonly log: Logger;
  /** For the steps: ends at the deadline. */
  readonly call: CallContext;
  /** For what must be said afterwards, a missed deadline included. */
  readonly closing: CallContext;
}

/** The loop body of every controller, written once. */
export class Reconciler<T extends KubeObject> {
  readonly #controller: Controller<T>;
  readonly #services: Services;
  readonly #finalizer: Finalizer;
  readonly #status: StatusWriter;

  constructor(controller: Controller<T>, services: Services, ownership: Ownership) {
    this.#controller = controller;
    this.#services = services;
    this.#finalizer = new Finalizer(ownership.finalizer, services.client, services.cache);
    this.#status = new StatusWriter(services.client, services.cache);
  }

  /**
   * Brings one object closer to what it asks for. Never throws.
   * @param tenure how long and whether this process may act at all.
   */
  async reconcile(key: ObjectKey, tenure: CallContext, log: Logger): Promise<Outcome> {
    const { clock, cache } = this.#services;
    const { kind, deadlineMs } = this.#controller;
    const object = cache.store(kind).get(key);
    if (!object) return { type: 'gone' };
    const late = (): Error => new DeadlineExceeded(`not done within ${deadlineMs / 1000} s`);
    const deadline = startDeadline(clock, tenure.signal, deadlineMs, late);
    const guard = (): void => {
      deadline.signal.throwIfAborted();
      tenure.guard();
    };
    try {
      const visit = { ref: { kind, ...key }, log, call: { signal: deadline.signal, guard }, closing: tenure };
      return await this.#visit(visit, object);
    } catch (error) {
      return failed(error);
    } finally {
      deadline.end();
    }
  }

  async #visit(visit: Visit<T>, object: LiveObject<T>): Promise<Outcome> {
    trace.getActiveSpan()?.setAttribute('k8s.object.generation', object.metadata.generation ?? 0);
    const marked = this.#finalizer.isOn(object);
    if (object.metadata.deletionTimestamp !== undefined) {
      if (marked) return this.#run(visit, object, (context) => this.#leave(visit, context));
      this.#services.memo.forget(object.metadata.uid);
      return { type: 'gone' };
    }
    // Before the first effect, so that nothing can be left behind without it.
    const needsMark = !marked && this.#controller.finalize.length > 0 && !this.#controller.suspended(object);
    const ready = needsMark ? await this.#finalizer.add(visit.ref, object, visit.call) : object;
    return this.#run(visit, ready, (context) => this.#stay(context));
  }

  async #stay(context: ReconcileContext<T>): Promise<Outcome> {
    if (this.#controller.suspended(context.object)) {
      this.#controller.tellSuspended(context);
      return { type: 'suspended' };
    }
    return pursue(this.#controller.steps, Object.assign(context, this.#controller.extend(context)));
  }

  async #leave(visit: Visit<T>, context: ReconcileContext<T>): Promise<Outcome> {
    const extended = Object.assign(context, this.#controller.extend(context));
    const outcome = await pursue(this.#controller.finalize, extended);
    if (outcome.type !== 'done') return outcome;
    await this.#finalizer.remove(visit.ref, context.object, visit.call);
    this.#services.memo.forget(context.object.metadata.uid);
    return { type: 'gone' };
  }

  /** Runs the steps and, however they end, writes down how it went: once, and only if that is news. */
  async #run(
    visit: Visit<T>,
    object: LiveObject<T>,
    act: (context: ReconcileContext<T>) => Promise<Outcome>,
  ): Promise<Outcome> {
    const { ref, log, call, closing } = visit;
    const context = new ReconcileContext(this.#services, {
      ref,
      object,
      log,
      errand: { ...call, owner: object },
      onRepaired: (applied, of) => {
        this.#controller.repaired(applied, of);
      },
    });
    const outcome = await act(context).catch(failed);
    if (outcome.type === 'gone') return outcome;
    summarise(context.conditions, outcome);
    try {
      const next = { draft: context.status, conditions: context.conditions };
      // Events only for what is written down: a lost write is tried again and would tell them twice.
      if (await this.#status.write(ref, object, next, closing)) this.#announce(context, outcome, closing);
      return outcome;
    } catch (error) {
      return failed(outcome.type === 'failed' ? joinErrors([outcome.error, error]) : error);
    }
  }

  #announce(context: ReconcileContext<T>, outcome: Outcome, closing: CallContext): void {
    for (const event of eventsOf(context.conditions.transitions(), outcome)) {
      this.#services.recorder.record(context.object, event, closing);
    }
  }
}
