import type { ChatChunk, ChatRequest } from '../api/chat-schemas.ts';
import type { CompletionRequest, TextChunk, TextCompletion } from '../api/completion-schemas.ts';
import { tokenTexts } from '../api/token-texts.ts';
import { notSupported } from '../errors.ts';
import { worded, type Call, type Provider, type Worded } from './provider.ts';

/** A completion by a model that only chats: the prompt is what a user says. */
export async function completeByChat(
  provider: Provider,
  { request, ...call }: Call<CompletionRequest>,
): Promise<Worded<TextCompletion>> {
  const { value } = await provider.chat({ ...call, request: await toChat(request) });
  const { id, created, model, usage } = value;
  const choices = value.choices.map(({ index, message, finish_reason: finish }) => ({
    index,
    text: typeof message.content === 'string' ? message.content : '',
    logprobs: null,
    finish_reason: finish,
  }));
  return worded({ id, object: 'text_completion', created, model, choices, usage });
}

export async function* streamCompleteByChat(
  provider: Provider,
  { request, ...call }: Call<CompletionRequest>,
): AsyncGenerator<readonly Worded<TextChunk>[]> {
  for await (const batch of provider.streamChat({ ...call, request: await toChat(request) })) {
    yield batch.map(({ value }) => worded(toTextChunk(value)));
  }
}

async function toChat({ prompt, suffix, echo, logprobs, ...rest }: CompletionRequest): Promise<ChatRequest> {
  const texts = await tokenTexts(prompt);
  const refuse = (what: string, pointer: string): Error =>
    notSupported(`the model only chats, and takes no ${what}: ask one that completes`, pointer);
  if (texts.length > 1) throw refuse('list of prompts', '/prompt');
  if ((suffix ?? '') !== '') throw refuse('suffix', '/suffix');
  if (echo === true) throw refuse('echo', '/echo');
  if ((logprobs ?? 0) > 0) throw refuse('logprobs', '/logprobs');
  return { ...rest, messages: [{ role: 'user', content: texts[0] ?? '' }] };
}

function toTextChunk({ id, created, model, choices, usage }: ChatChunk): TextChunk {
  return {
    id,
    object: 'text_completion',
    created,
    model,
    choices: choices.map(({ index, delta, finish_reason: finish }) => ({
      index,
      text: typeof delta['content'] === 'string' ? delta['content'] : '',
      logprobs: null,
      finish_reason: finish,
    })),
    ...(usage && { usage }),
  };
}
