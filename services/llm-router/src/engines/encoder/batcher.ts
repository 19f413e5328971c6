import type { EncodedTexts, EncodeTask } from '../engine-messages.ts';
import { TaskRefused, type TaskOutput } from '../serve-tasks.ts';
import type { TokenIds } from './onnx-encoder.ts';

/** Texts in one run of the model. More gains nothing: the model's arithmetic is busy with these already. */
const BATCH_TEXTS = 16;
/** Padding included. Attention grows with the square of the length, so long texts go in smaller batches. */
const BATCH_TOKENS = 2_048;

/** What turns token ids into vectors. */
export interface VectorSource {
  tokenise(text: string): TokenIds;
  encode(texts: readonly TokenIds[]): Promise<Float32Array[]>;
}

interface Job {
  readonly texts: readonly TokenIds[];
  readonly vectors: Float32Array[];
  readonly signal: AbortSignal;
  next: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

interface Place {
  readonly job: Job;
  readonly index: number;
}

/** Puts texts of several requests into common batches, in turn: one with a thousand texts does not hold up one with one. */
export class Batcher {
  readonly #source: VectorSource;
  readonly #maxTokens: number;
  #jobs: Job[] = [];
  #running = false;

  constructor(source: VectorSource, maxTokens: number) {
    this.#source = source;
    this.#maxTokens = maxTokens;
  }

  readonly run = async ({ texts }: EncodeTask, { signal }: TaskOutput<EncodedTexts>): Promise<EncodedTexts> => {
    const ids = texts.map((text, index) => this.#tokenise(text, index));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const job: Job = { texts: ids, vectors: [], signal, next: 0, done: resolve, failed: reject };
    if (ids.length > 0) {
      this.#jobs.push(job);
      void this.#work();
      await promise;
    }
    return { vectors: joined(job.vectors), tokens: ids.reduce((sum, { length }) => sum + length, 0) };
  };

  #tokenise(text: string, index: number): TokenIds {
    const ids = this.#source.tokenise(text);
    if (ids.length <= this.#maxTokens) return ids;
    throw new TaskRefused({ reason: 'too-long', tokens: ids.length, limit: this.#maxTokens, index });
  }

  async #work(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#jobs.length > 0) {
      const batch = this.#nextBatch();
      if (batch.length > 0) await this.#encode(batch);
      this.#dropFinished();
    }
    this.#running = false;
  }

  /** Takes one text of each request after another. */
  #nextBatch(): Place[] {
    const batch: Place[] = [];
    let longest = 0;
    for (let taken = true; taken;) {
      taken = false;
      for (const job of this.#jobs) {
        const text = job.signal.aborted ? undefined : job.texts[job.next];
        if (text === undefined) continue;
        longest = Math.max(longest, text.length);
        const full = batch.length === BATCH_TEXTS || (batch.length > 0 && longest * (batch.length + 1) > BATCH_TOKENS);
        if (full) return batch;
        batch.push({ job, index: job.next });
        job.next += 1;
        taken = true;
      }
    }
    return batch;
  }

  async #encode(batch: readonly Place[]): Promise<void> {
    try {
      const vectors = await this.#source.encode(batch.map(({ job, index }) => job.texts[index] ?? []));
      for (const [row, { job, index }] of batch.entries()) job.vectors[index] = vectors[row] ?? new Float32Array();
    } catch (error) {
      for (const { job } of batch) job.failed(error);
      this.#jobs = this.#jobs.filter((job) => !batch.some((place) => place.job === job));
    }
  }

  #dropFinished(): void {
    const isDone = (job: Job): boolean => job.next === job.texts.length || job.signal.aborted;
    for (const job of this.#jobs.filter(isDone)) job.done();
    this.#jobs = this.#jobs.filter((job) => !isDone(job));
  }
}

function joined(vectors: readonly Float32Array[]): Float32Array {
  const dimensions = vectors[0]?.length ?? 0;
  const all = new Float32Array(vectors.length * dimensions);
  for (const [row, vector] of vectors.entries()) all.set(vector, row * dimensions);
  return all;
}
