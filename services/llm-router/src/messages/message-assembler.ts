import type { MessageBlock, MessageEvent } from '../api/message-schemas.ts';

type Json = Record<string, unknown>;

/** Puts the events of a stream together again: texts, thinking with its signature, and what tools are called with. */
export class MessageAssembler {
  #message: Json | undefined;
  readonly #blocks: MessageBlock[] = [];
  /** The JSON of what tools are called with, by the place of their block. */
  readonly #inputs = new Map<number, string>();
  #isComplete = false;

  add(event: MessageEvent): void {
    const place = Number(event['index']);
    if (event.type === 'message_start') this.#message = event['message'] as Json;
    if (event.type === 'content_block_start') this.#blocks[place] = { ...(event['content_block'] as MessageBlock) };
    if (event.type === 'content_block_delta') this.#delta(place, event['delta'] as Json);
    if (event.type === 'message_delta') {
      const usage = { ...(this.#message?.['usage'] as Json | undefined), ...(event['usage'] as Json | undefined) };
      this.#message = { ...this.#message, ...(event['delta'] as Json), usage };
    }
    if (event.type === 'message_stop') this.#isComplete = true;
  }

  /** The whole message; nothing while it has not ended. */
  whole(): Json | undefined {
    if (!this.#isComplete || this.#message === undefined) return undefined;
    const content = this.#blocks.map((block, place) => {
      const input = this.#inputs.get(place);
      return input === undefined ? block : { ...block, input: JSON.parse(input) as unknown };
    });
    return { ...this.#message, content };
  }

  #delta(place: number, delta: Json): void {
    const block = this.#blocks[place];
    if (block === undefined) return;
    const { type, partial_json: json, citation, ...said } = delta;
    if (type === 'input_json_delta') this.#inputs.set(place, (this.#inputs.get(place) ?? '') + String(json));
    if (type === 'citations_delta') block['citations'] = [...((block['citations'] ?? []) as unknown[]), citation];
    for (const [name, piece] of Object.entries(said)) block[name] = textOf(block[name]) + textOf(piece);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
