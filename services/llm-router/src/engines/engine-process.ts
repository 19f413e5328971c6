import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@genai-platform/common';
import type { EngineAnswer, EngineQuestion } from './engine-messages.ts';

export interface EngineProcessOptions {
  /** Of the model, for whoever asks why it does not answer. */
  readonly model: string;
  /** The folder with the model's files. */
  readonly folder: string;
  readonly program: URL;
  readonly args: readonly string[];
  readonly log: Logger;
}

/** Gets the answers to one task. */
export interface Listener<A> {
  onAnswer(answer: Exclude<EngineAnswer<A>, { kind: 'ready' | 'broken' }>): void;
  /** The process ended before it answered. */
  onLost(): void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Keeps the process of one model alive, and brings answers to those who asked. */
export class EngineProcess<T, A> {
  readonly #options: EngineProcessOptions;
  readonly #listeners = new Map<number, Listener<A>>();
  #child: ChildProcess | undefined;
  #next = 1;
  #pauseMs = FIRST_PAUSE_MS;
  #restart: NodeJS.Timeout | undefined;
  #stopped = false;
  #problem: string | undefined = 'is being loaded';
  #settled = Promise.withResolvers<void>();

  constructor(options: EngineProcessOptions) {
    this.#options = options;
  }

  /** Why the model cannot be asked now; nothing where it can. */
  get problem(): string | undefined {
    return this.#problem === undefined ? undefined : `the model ${this.#options.model} ${this.#problem}`;
  }

  /** Resolves when the model has been loaded, or could not be. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** Starts the process where the model is there. */
  start(): this {
    const { folder, model } = this.#options;
    if (existsSync(join(folder, 'model.json'))) this.#fork();
    else {
      this.#problem = `is missing: there is no ${model}/model.json in the folder of the models`;
      this.#settled.resolve();
    }
    return this;
  }

  /** Asks; the returned function takes the question back. Only while there is no `problem`. */
  ask(task: T, listener: Listener<A>): () => void {
    const id = this.#next++;
    this.#listeners.set(id, listener);
    this.#send({ kind: 'task', id, task });
    return () => {
      if (this.#listeners.delete(id)) this.#send({ kind: 'cancel', id });
    };
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#restart);
    this.#child?.kill('SIGKILL');
  }

  #send(question: EngineQuestion<T>): void {
    // A process that is just ending cannot be told; its end tells the listener.
    this.#child?.send(question, () => undefined);
  }

  #fork(): void {
    const { program, folder, args } = this.#options;
    const child = fork(fileURLToPath(program), [folder, ...args], {
      // Vectors travel as they are, not as JSON.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
      execArgv: sourceArguments(program),
    });
    this.#child = child;
    child.on('message', (answer: EngineAnswer<A>) => this.#hear(answer));
    child.once('error', () => this.#lose(child));
    child.once('exit', () => this.#lose(child));
    child.unref();
    child.channel?.unref();
  }

  #hear(answer: EngineAnswer<A>): void {
    if (answer.kind === 'ready') {
      this.#problem = undefined;
      this.#pauseMs = FIRST_PAUSE_MS;
      this.#settled.resolve();
      return;
    }
    if (answer.kind === 'broken') {
      this.#problem = `could not be loaded: ${answer.detail}`;
      this.#settled.resolve();
      return;
    }
    const listener = this.#listeners.get(answer.id);
    if (answer.kind !== 'part') this.#listeners.delete(answer.id);
    listener?.onAnswer(answer);
  }

  /** The process has ended: whoever waits is told, and another one is started after a while. */
  #lose(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#problem ??= 'was lost and is loaded again';
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const listener of listeners) listener.onLost();
    if (this.#stopped) return;
    this.#options.log.warn({ model: this.#options.model, reason: this.problem }, 'the process of a model ended');
    this.#restart = setTimeout(() => this.#fork(), this.#pauseMs).unref();
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

/** The sources run as they are in development; the image carries compiled code. */
function sourceArguments({ pathname }: URL): string[] {
  return pathname.endsWith('.ts')
    ? ['--conditions=@genai-platform/source', '--disable-warning=ExperimentalWarning']
    : [];
}
