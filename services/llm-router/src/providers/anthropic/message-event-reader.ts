import type { MessageEvent } from '../../api/message-schemas.ts';
import { messageCounts, type TokenCounts } from '../../api/token-counts.ts';
import { parseObject } from '../http/reply-body.ts';
import { ProviderError, endedEarly } from '../provider-error.ts';
import type { Worded } from '../provider.ts';

type Json = Record<string, unknown>;

/** Reads the events of one stream of Anthropic's, which are passed on in their own words. */
export class MessageEventReader {
  #usage: Json = {};
  /** Whether the event came that ends a message. */
  #isComplete = false;

  /** @throws ProviderError for what is no event, and for one that says that something went wrong */
  read(data: string): Worded<MessageEvent> {
    const value = parseObject(data);
    const { type } = value;
    if (typeof type !== 'string') throw new ProviderError({ kind: 'protocol', detail: 'an event has no type' });
    if (type === 'error') {
      throw new ProviderError({ kind: 'unavailable', detail: 'the provider reported an error in the stream' });
    }
    if (type === 'message_stop') this.#isComplete = true;
    const text = data.includes('\n') ? JSON.stringify(value) : data;
    return { value: { ...value, type }, text, isText: true, counts: this.#counts(value) };
  }

  /** @throws ProviderError where the message has not ended */
  end(): void {
    if (!this.#isComplete) throw endedEarly();
  }

  /** The last word on what was taken comes near the end; what came before counts only what was read. */
  #counts({ type, message, usage }: Json): TokenCounts | undefined {
    if (type === 'message_start') this.#usage = ((message as Json | undefined)?.['usage'] ?? {}) as Json;
    if (type !== 'message_delta') return undefined;
    this.#usage = { ...this.#usage, ...(usage as Json | undefined) };
    return messageCounts(this.#usage);
  }
}
