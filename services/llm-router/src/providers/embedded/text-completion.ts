import { newId } from '@genai-platform/common';
import type { CompletionRequest, TextChunk, TextCompletion } from '../../api/completion-schemas.ts';
import type { Usage } from '../../api/chat-schemas.ts';
import { tokenTexts } from '../../api/token-texts.ts';
import type { GeneratedPiece } from '../../engines/engine-messages.ts';
import type { Generator } from '../../engines/generator.ts';
import { notSupported } from '../../errors.ts';
import { worded, type Call, type Worded } from '../provider.ts';
import { completionTask } from './generate-task.ts';

/** As many tokens as OpenAI writes where none are asked for. */
const MAX_TOKENS = 16;

export interface TextOptions {
  readonly generator: Generator;
  readonly maxTokens: number;
  readonly now: () => number;
}

/** Goes on from each prompt, as it is: no conversation, no template. */
export async function completeTexts(
  { generator, maxTokens, now }: TextOptions,
  { request, signal }: Call<CompletionRequest>,
): Promise<Worded<TextCompletion>> {
  const prompts = await promptsOf(request);
  const texts = prompts.map(async (prompt, index) => {
    const task = completionTask(request, prompt, Math.min(request.max_tokens ?? MAX_TOKENS, maxTokens));
    let text = request.echo === true ? prompt : '';
    let last: GeneratedPiece | undefined;
    for await (const piece of generator.generate(task, signal, '/prompt')) {
      text += piece.text;
      last = piece;
    }
    return { last, choice: { index, text, logprobs: null, finish_reason: last?.finish ?? 'stop' } };
  });
  const done = await Promise.all(texts);
  const choices = done.map(({ choice }) => choice);
  return worded({ ...head(generator, now), choices, usage: usageOf(done.flatMap(({ last }) => last ?? [])) });
}

/** The same for one prompt, piece by piece. */
export async function* streamText(
  { generator, maxTokens, now }: TextOptions,
  { request, signal }: Call<CompletionRequest>,
): AsyncGenerator<readonly Worded<TextChunk>[]> {
  const [prompt = '', ...others] = await promptsOf(request);
  if (others.length > 0) throw notSupported('the embedded model streams one text at a time', '/prompt');
  const first = head(generator, now);
  const chunk = (text: string, finish: string | null = null): Worded<TextChunk> =>
    worded({ ...first, choices: [{ index: 0, text, logprobs: null, finish_reason: finish }] });
  const task = completionTask(request, prompt, Math.min(request.max_tokens ?? MAX_TOKENS, maxTokens));
  let last: GeneratedPiece | undefined;
  for await (const piece of generator.generate(task, signal, '/prompt')) {
    const echoed = last === undefined && request.echo === true ? prompt : '';
    last = piece;
    yield [chunk(echoed + piece.text, piece.finish ?? null)];
  }
  yield [worded({ ...first, choices: [], usage: usageOf(last ? [last] : []) })];
}

async function promptsOf({ prompt, suffix, logprobs, n }: CompletionRequest): Promise<string[]> {
  if ((suffix ?? '') !== '') throw notSupported('the embedded model knows of no suffix', '/suffix');
  if ((logprobs ?? 0) > 0) throw notSupported('the embedded model tells no probabilities', '/logprobs');
  if ((n ?? 1) > 1) throw notSupported('the embedded model gives one choice', '/n');
  return await tokenTexts(prompt);
}

function head(generator: Generator, now: () => number): Pick<TextCompletion, 'id' | 'object' | 'created' | 'model'> {
  return {
    id: newId('cmpl'),
    object: 'text_completion',
    created: Math.floor(now() / 1_000),
    model: generator.model,
  };
}

/** Tokens of all texts together. */
export function usageOf(pieces: readonly GeneratedPiece[]): Usage {
  const prompt = pieces.reduce((sum, { promptTokens }) => sum + promptTokens, 0);
  const completion = pieces.reduce((sum, { completionTokens }) => sum + completionTokens, 0);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
