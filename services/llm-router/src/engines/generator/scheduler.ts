import type { GeneratedPiece, GenerateTask } from '../engine-messages.ts';
import { TaskRefused, type TaskOutput } from '../serve-tasks.ts';
import { Generation } from './generation.ts';
import type { LlamaAddon, LlamaContext, LlamaModel } from './llama-addon.ts';

/** Tokens in one run of the model. A long prompt is read in such pieces, so that others go on speaking meanwhile. */
const BATCH_TOKENS = 256;

export interface LoadedModel {
  readonly addon: LlamaAddon;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  /** Texts at the same time. */
  readonly sequences: number;
  /** Tokens of prompt and text together, for each. */
  readonly contextTokens: number;
}

interface Running {
  readonly generation: Generation;
  readonly done: (last: GeneratedPiece) => void;
  readonly failed: (error: unknown) => void;
}

/** Several texts at the same time in common batches: each run of the model gives every one of them its next token. */
export class Scheduler {
  readonly #loaded: LoadedModel;
  readonly #slots: (Running | undefined)[];
  #waiting: Running[] = [];
  #working = false;

  constructor(loaded: LoadedModel) {
    this.#loaded = loaded;
    this.#slots = new Array<Running | undefined>(loaded.sequences).fill(undefined);
  }

  readonly run = async (task: GenerateTask, output: TaskOutput<GeneratedPiece>): Promise<GeneratedPiece> => {
    const generation = new Generation(this.#loaded, task, output);
    const { length: tokens } = generation.prompt;
    if (task.maxTokens === 0) return this.#counted(generation);
    const limit = this.#loaded.contextTokens;
    if (tokens >= limit) throw new TaskRefused({ reason: 'too-long', tokens, limit, index: 0 });
    const { promise, resolve, reject } = Promise.withResolvers<GeneratedPiece>();
    this.#waiting.push({ generation, done: resolve, failed: reject });
    void this.#work();
    try {
      return await promise;
    } finally {
      generation.dispose();
    }
  };

  #counted(generation: Generation): GeneratedPiece {
    generation.dispose();
    return { text: '', promptTokens: generation.prompt.length, completionTokens: 0, finish: 'length' };
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (this.#admit(); this.#slots.some((slot) => slot !== undefined); this.#admit()) {
      await this.#step().catch((error: unknown) => this.#failAll(error));
    }
    this.#working = false;
  }

  /** After a failure of the model itself nobody's context can be trusted. */
  #failAll(error: unknown): void {
    for (const [slot, running] of this.#slots.entries()) {
      if (running !== undefined) this.#leave(slot, () => running.failed(error));
    }
  }

  /** Frees the places of those whom nobody waits for, and fills what is free. */
  #admit(): void {
    const abandoned = (running: Running): void => running.failed(running.generation.signal.reason);
    for (const [slot, running] of this.#slots.entries()) {
      if (running?.generation.signal.aborted === true) this.#leave(slot, () => abandoned(running));
    }
    this.#waiting.filter(({ generation }) => generation.signal.aborted).forEach(abandoned);
    this.#waiting = this.#waiting.filter(({ generation }) => !generation.signal.aborted);
    for (const slot of this.#slots.keys()) this.#slots[slot] ??= this.#waiting.shift();
  }

  async #step(): Promise<void> {
    const { context } = this.#loaded;
    const batch = this.#share();
    context.initBatch(batch.reduce((sum, { tokens }) => sum + tokens.length, 0));
    const ready: { slot: number; running: Running; logits: number }[] = [];
    for (const { slot, running, tokens } of batch) {
      const { generation } = running;
      const wanted = generation.position + tokens.length >= generation.prompt.length;
      const last = Uint32Array.from(wanted ? [tokens.length - 1] : []);
      const [logits] = context.addToBatch(slot, generation.position, tokens, last);
      generation.position += tokens.length;
      if (wanted && logits !== undefined) ready.push({ slot, running, logits });
    }
    await context.decodeBatch();
    for (const { slot, running, logits } of ready) {
      const token = await context.sampleToken(logits, running.generation.sampler);
      const last = running.generation.accept(token, this.#loaded.contextTokens - running.generation.position - 1);
      if (last !== undefined) this.#leave(slot, () => running.done(last));
    }
  }

  /** Those who speak get their one token first; what is left of the batch is for prompts. */
  #share(): { slot: number; running: Running; tokens: Uint32Array }[] {
    const taken = [...this.#slots.entries()].flatMap(([slot, running]) => (running ? [{ slot, running }] : []));
    taken.sort((a, b) => Number(b.running.generation.speaking) - Number(a.running.generation.speaking));
    let room = BATCH_TOKENS;
    return taken.flatMap(({ slot, running }) => {
      const tokens = running.generation.unread(room);
      room -= tokens.length;
      return tokens.length === 0 ? [] : [{ slot, running, tokens }];
    });
  }

  #leave(slot: number, say: () => void): void {
    this.#loaded.context.disposeSequence(slot);
    this.#slots[slot] = undefined;
    say();
  }
}

/** Loads the model and makes room for the texts. */
export async function loadModel(
  file: string,
  {
    addon,
    threads,
    sequences,
    contextTokens,
  }: Pick<LoadedModel, 'addon' | 'sequences' | 'contextTokens'> & { threads: number },
): Promise<LoadedModel> {
  const model = new addon.AddonModel(file, { addonExports: addon, gpuLayers: 0, useMmap: true });
  if (!(await model.init())) throw new Error('the model could not be loaded');
  const contextSize = contextTokens * sequences;
  const settings = { contextSize, batchSize: BATCH_TOKENS, sequences, threads, flashAttention: true };
  const context = new addon.AddonContext(model, settings);
  if (!(await context.init())) throw new Error('there is no memory for the context of the model');
  return { addon, model, context, sequences, contextTokens };
}
