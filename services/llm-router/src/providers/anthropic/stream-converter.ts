import type { ChatChunk } from '../../api/chat-schemas.ts';
import { messageCounts } from '../../api/token-counts.ts';
import { ProviderError } from '../provider-error.ts';
import { worded, type Worded } from '../provider.ts';
import { finishReason } from './from-anthropic.ts';

type Json = Record<string, unknown>;

/** Anthropic's events as OpenAI's, one after the other. */
export class StreamConverter {
  readonly #created: number;
  #head = { id: '', model: '' };
  #usage: Json = {};
  /** The place of each tool call in OpenAI's list, by the number of its block. */
  readonly #calls = new Map<unknown, number>();
  /** Whether the event came that ends a message. */
  complete = false;

  constructor(createdSeconds: number) {
    this.#created = createdSeconds;
  }

  /** @throws ProviderError for an event that says that something went wrong */
  convert(event: Json): Worded<ChatChunk>[] {
    switch (event['type']) {
      case 'message_start':
        return this.#start(event['message'] as Json);
      case 'content_block_start':
        return this.#block(event['index'], event['content_block'] as Json);
      case 'content_block_delta':
        return this.#delta(event['index'], event['delta'] as Json);
      case 'message_delta':
        return this.#ending(event);
      case 'message_stop':
        this.complete = true;
        return [this.#chunk(undefined, null, messageCounts(this.#usage))];
      case 'error':
        throw new ProviderError({ kind: 'unavailable', detail: 'the provider reported an error in the stream' });
      default:
        return [];
    }
  }

  #start(message: Json): Worded<ChatChunk>[] {
    this.#head = { id: String(message['id']), model: String(message['model']) };
    this.#usage = (message['usage'] ?? {}) as Json;
    return [this.#chunk({ role: 'assistant', content: '' })];
  }

  #block(index: unknown, block: Json): Worded<ChatChunk>[] {
    if (block['type'] !== 'tool_use') return [];
    const place = this.#calls.size;
    this.#calls.set(index, place);
    const call = { index: place, id: block['id'], type: 'function', function: { name: block['name'], arguments: '' } };
    return [this.#chunk({ tool_calls: [call] })];
  }

  #delta(index: unknown, delta: Json): Worded<ChatChunk>[] {
    if (delta['type'] === 'text_delta') return [this.#chunk({ content: delta['text'] })];
    if (delta['type'] === 'thinking_delta') return [this.#chunk({ reasoning_content: delta['thinking'] })];
    if (delta['type'] !== 'input_json_delta') return [];
    const call = { index: this.#calls.get(index), function: { arguments: delta['partial_json'] } };
    return [this.#chunk({ tool_calls: [call] })];
  }

  #ending({ delta, usage }: Json): Worded<ChatChunk>[] {
    this.#usage = { ...this.#usage, ...(usage as Json | undefined) };
    return [this.#chunk({}, finishReason((delta as Json)['stop_reason']))];
  }

  #chunk(delta: Json | undefined, finish: string | null = null, usage: ChatChunk['usage'] = null): Worded<ChatChunk> {
    return worded({
      ...this.#head,
      object: 'chat.completion.chunk' as const,
      created: this.#created,
      choices: delta === undefined ? [] : [{ index: 0, delta, finish_reason: finish }],
      usage,
    });
  }
}
