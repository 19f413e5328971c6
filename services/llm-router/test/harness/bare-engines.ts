import { join } from 'node:path';
import { modelsFolder } from '@genai-platform/common/testing';
import { OnnxEncoder } from '../../src/engines/encoder/onnx-encoder.ts';
import { loadLlama } from '../../src/engines/generator/llama-addon.ts';
import { loadModel } from '../../src/engines/generator/scheduler.ts';
import { chatPrompt } from '../../src/providers/embedded/chat-prompt.ts';

/** Texts in one run of the model, as the service has them. */
const BATCH = 16;
const CONTEXT_TOKENS = 1_024;

/** The embedded models without service, process and queue, in this process: what serving them is measured by. */
export interface BareEngines {
  readonly encode: (texts: readonly string[]) => Promise<void>;
  /** The most likely tokens after a question: until the first one, and all of them, in milliseconds. */
  readonly generate: Generate;
}

/** Until the first token or word, until the end, and how many tokens there were. */
export type Generate = (
  question: string,
  tokens: number,
) => Promise<{ readonly firstMs: number; readonly allMs: number; readonly tokens: number }>;

/** @param threads of each model */
export async function loadBareEngines(threads: number): Promise<BareEngines> {
  const encoder = await OnnxEncoder.load(join(modelsFolder, 'bge-small-en-v1.5'), threads);
  const settings = { addon: await loadLlama(), threads, sequences: 1, contextTokens: CONTEXT_TOKENS };
  const { addon, model, context } = await loadModel(join(modelsFolder, 'smollm2-135m-instruct/model.gguf'), settings);
  return {
    encode: async (texts) => {
      for (let start = 0; start < texts.length; start += BATCH) {
        await encoder.encode(texts.slice(start, start + BATCH).map((text) => encoder.tokenise(text)));
      }
    },
    generate: async (question, wanted) => {
      const started = performance.now();
      const sampler = new addon.AddonSampler(model);
      sampler.applyConfig({ temperature: 0, topP: 1, seed: 1 });
      let unread = model.tokenize(chatPrompt({ messages: [{ role: 'user', content: question }] }), true);
      let [position, firstMs, tokens] = [0, 0, 0];
      while (tokens < wanted) {
        context.initBatch(unread.length);
        const [logits = 0] = context.addToBatch(0, position, unread, Uint32Array.of(unread.length - 1));
        await context.decodeBatch();
        position += unread.length;
        const token = await context.sampleToken(logits, sampler);
        if (tokens++ === 0) firstMs = performance.now() - started;
        if (token < 0 || model.isEogToken(token)) break;
        unread = Uint32Array.of(token);
      }
      sampler.dispose();
      context.disposeSequence(0);
      return { firstMs, allMs: performance.now() - started, tokens };
    },
  };
}
