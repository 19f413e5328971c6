import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AdvisedError } from '../machine/advice.ts';
import { createView } from './create-view.ts';
import type { View } from './view.ts';

/** What a step is given when it runs. */
export interface StepContext {
  /** Says what is being done now, in a few words. */
  say(this: void, what: string): void;
  /** Says, in a line that stays, what the step is going to change on the machine. */
  announce(this: void, what: string): void;
  /** A file for everything that the step's commands print. */
  readonly log: string;
  /** Aborted when another step failed or the run was interrupted. */
  readonly signal: AbortSignal;
}

/** One piece of work with a name. */
export interface Step {
  readonly name: string;
  /** Names of the steps that have to be done before. */
  readonly needs?: readonly string[];
  run(context: StepContext): Promise<void>;
}

/** How long a step took. */
export interface StepTiming {
  readonly name: string;
  readonly seconds: number;
}

/** How steps are run and shown. */
export interface RunOptions {
  /** Folder for one log file per step. */
  readonly logs: string;
  readonly signal?: AbortSignal;
  /** Where progress is shown; standard error unless given. */
  readonly view?: View;
}

/** A step failed; its cause says why, the message names step, cause, log and what to do. */
export class StepError extends Error {
  override readonly name = 'StepError';
  readonly step: string;
  constructor(step: string, cause: unknown, log: string) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const advice =
      cause instanceof AdvisedError ? cause.advice : 'Run the same command again: it carries on from here.';
    const where = why.includes(log) ? '' : `\n  Log:     ${log}`;
    super(`${step} failed: ${why}${where}\n  To do:   ${advice}`, { cause });
    this.step = step;
  }
}

/**
 * Runs steps, each as soon as all that it needs is done, so that independent ones run side by side. The first failure
 * stops the others and is thrown once they have ended. Returns the timings in the order in which the steps ended.
 */
export async function runSteps(steps: readonly Step[], options: RunOptions): Promise<StepTiming[]> {
  assertRunnable(steps);
  const run = new StepRun(options);
  const promises = new Map<string, Promise<void>>();
  // Needs are resolved one tick later, when every step has its promise, so the order of the list does not matter.
  for (const step of steps)
    promises.set(
      step.name,
      Promise.resolve().then(() => run.perform(step, promises)),
    );
  await Promise.allSettled(promises.values());
  return run.finish();
}

class StepRun {
  readonly #abort = new AbortController();
  readonly #view: View;
  readonly #logs: string;
  readonly #timings: StepTiming[] = [];
  readonly #signal: AbortSignal;
  #failure: Error | undefined;

  constructor({ logs, signal, view }: RunOptions) {
    this.#logs = logs;
    this.#view = view ?? createView(process.stderr);
    this.#signal = signal === undefined ? this.#abort.signal : AbortSignal.any([signal, this.#abort.signal]);
  }

  async perform(step: Step, others: ReadonlyMap<string, Promise<void>>): Promise<void> {
    for (const name of step.needs ?? []) await others.get(name);
    this.#signal.throwIfAborted();
    const log = join(this.#logs, `${step.name.replaceAll(/[^a-z0-9]+/gi, '-')}.log`);
    const shown = this.#view.start(step.name);
    const started = performance.now();
    rmSync(log, { force: true }); // A log is of the last run.
    try {
      await step.run({ say: shown.say, announce: shown.announce, log, signal: this.#signal });
      shown.done();
      this.#timings.push({ name: step.name, seconds: (performance.now() - started) / 1000 });
    } catch (error) {
      // What others report after a failure or an interruption is that they were stopped.
      this.#failure ??= this.#interruption() ?? new StepError(step.name, error, log);
      shown.failed();
      this.#abort.abort(this.#failure);
      throw this.#failure;
    }
  }

  #interruption(): Error | undefined {
    if (!this.#signal.aborted) return undefined;
    const reason: unknown = this.#signal.reason;
    return reason instanceof Error ? reason : new Error('interrupted');
  }

  finish(): StepTiming[] {
    this.#view.close();
    if (this.#failure !== undefined) throw this.#failure;
    this.#signal.throwIfAborted();
    return this.#timings;
  }
}

function assertRunnable(steps: readonly Step[]): void {
  const byName = new Map(steps.map((step) => [step.name, step]));
  if (byName.size !== steps.length) throw new Error('two steps have the same name');
  const visit = (name: string, path: readonly string[]): void => {
    const step = byName.get(name);
    if (step === undefined) throw new Error(`step "${path.at(-1) ?? ''}" needs "${name}", which is no step`);
    if (path.includes(name)) throw new Error(`steps need each other: ${[...path, name].join(' → ')}`);
    for (const need of step.needs ?? []) visit(need, [...path, name]);
  };
  for (const { name } of steps) visit(name, []);
}
