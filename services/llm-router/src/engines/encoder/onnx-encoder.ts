import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tokenizers from '@huggingface/tokenizers';
import * as onnx from 'onnxruntime-node';

/** What is used of the package; its own types name files without extensions, which ECMAScript modules do not resolve. */
interface Tokenizer {
  encode(text: string): { readonly ids: number[] };
}
const { Tokenizer: BuiltTokenizer } = tokenizers as unknown as {
  readonly Tokenizer: new (definition: object, settings: object) => Tokenizer;
};

/** The model accepts no longer text. */
export const maxTokens = 512;

/** A text as the numbers of its word pieces, with those that mark beginning and end. */
export type TokenIds = readonly number[];

/** BGE-small: the normalised vector of the first token stands for the text (https://arxiv.org/abs/2309.07597). */
export class OnnxEncoder {
  readonly #session: onnx.InferenceSession;
  readonly #tokenizer: Tokenizer;

  private constructor(session: onnx.InferenceSession, tokenizer: Tokenizer) {
    this.#session = session;
    this.#tokenizer = tokenizer;
  }

  /** Reads `model.onnx` and `tokenizer.json`: 0.2 s. */
  static async load(folder: string, threads: number): Promise<OnnxEncoder> {
    const settings = { intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: 'sequential' as const };
    const [session, text] = await Promise.all([
      onnx.InferenceSession.create(join(folder, 'model.onnx'), settings),
      readFile(join(folder, 'tokenizer.json'), 'utf8'),
    ]);
    return new OnnxEncoder(session, new BuiltTokenizer(JSON.parse(text) as object, {}));
  }

  tokenise(text: string): TokenIds {
    return this.#tokenizer.encode(text).ids;
  }

  /** One vector of length 1 for each text; shorter texts are padded to the longest. */
  async encode(texts: readonly TokenIds[]): Promise<Float32Array[]> {
    const width = Math.max(...texts.map((ids) => ids.length));
    const ids = new BigInt64Array(texts.length * width);
    const mask = new BigInt64Array(texts.length * width);
    for (const [row, text] of texts.entries()) {
      for (const [column, id] of text.entries()) {
        ids[row * width + column] = BigInt(id);
        mask[row * width + column] = 1n;
      }
    }
    const tensor = (data: BigInt64Array): onnx.Tensor => new onnx.Tensor('int64', data, [texts.length, width]);
    const { last_hidden_state: states } = await this.#session.run({
      input_ids: tensor(ids),
      attention_mask: tensor(mask),
      token_type_ids: tensor(new BigInt64Array(ids.length)),
    });
    if (states === undefined) throw new Error('the model gave no last_hidden_state');
    return firstVectors(states.data as Float32Array, texts.length, width);
  }
}

function firstVectors(states: Float32Array, rows: number, width: number): Float32Array[] {
  const dimensions = states.length / rows / width;
  return Array.from({ length: rows }, (_, row) => {
    const start = row * width * dimensions;
    const vector = states.slice(start, start + dimensions);
    const length = Math.hypot(...vector);
    for (let index = 0; index < dimensions; index += 1) vector[index] = (vector[index] ?? 0) / length;
    return vector;
  });
}
