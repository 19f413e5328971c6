import { newId } from '@genai-platform/common';
import { firstDelta, type CallDelta } from '../api/call-delta.ts';
import type { ChatChunk, Usage } from '../api/chat-schemas.ts';
import type { Item, ModelResponse, ResponseEvent, ResponseRequest, ResponseStatus } from '../api/response-schemas.ts';
import { newResponse, usageOf } from './new-response.ts';

/** Makes the events and the object of OpenAI's responses of the events of a chat. */
export class ResponseBuilder {
  readonly #response: ModelResponse;
  readonly #output: Item[] = [];
  /** The place of the item of each tool call. */
  readonly #places = new Map<number, number>();
  #sequence = 0;
  #open: number | undefined;
  #finish: string | null = null;
  #usage: Usage | null | undefined;

  constructor(request: ResponseRequest, settings: { readonly nowMs: number; readonly store: boolean }) {
    this.#response = newResponse(request, settings);
  }

  get id(): string {
    return this.#response.id;
  }

  /** The events that begin a response. */
  start(): ResponseEvent[] {
    return ['response.created', 'response.in_progress'].map((type) =>
      this.#event(type, { response: this.response('in_progress') }),
    );
  }

  push(chunk: ChatChunk): ResponseEvent[] {
    this.#response.model = chunk.model;
    const { text, calls, finish } = firstDelta(chunk);
    const events = text === '' ? [] : this.#say(text);
    for (const call of calls) events.push(...this.#call(call));
    this.#finish = finish ?? this.#finish;
    this.#usage = chunk.usage ?? this.#usage;
    return events;
  }

  /** The events that end a response whose chat is complete. */
  end(): ResponseEvent[] {
    const closing = this.#close();
    const response = this.completed();
    return [...closing, this.#event(`response.${response.status}`, { response })];
  }

  /** The events that end one that could not be completed. */
  fail(status: 'failed' | 'cancelled', error: ModelResponse['error'] = null): ResponseEvent[] {
    return [this.#event(`response.${status}`, { response: this.response(status, error) })];
  }

  /** The response of a chat that is complete. */
  completed(): ModelResponse {
    this.#close();
    return this.response(this.#finish === 'length' || this.#finish === 'content_filter' ? 'incomplete' : 'completed');
  }

  /** What there is so far. */
  response(status: ResponseStatus, error: ModelResponse['error'] = null): ModelResponse {
    const reason = this.#finish === 'length' ? 'max_output_tokens' : 'content_filter';
    return {
      ...this.#response,
      status,
      error,
      incomplete_details: status === 'incomplete' ? { reason } : null,
      output: this.#output.map((item) => ({ ...item })),
      usage: this.#usage ? usageOf(this.#usage) : null,
    };
  }

  #event(type: string, more: Readonly<Record<string, unknown>>): ResponseEvent {
    const event = { type, sequence_number: this.#sequence, ...more };
    this.#sequence += 1;
    return event;
  }

  #say(text: string): ResponseEvent[] {
    const events = this.#current()?.type === 'message' ? [] : this.#beginMessage();
    const part = partOf(this.#current() as Item);
    part.text += text;
    return [
      ...events,
      this.#event('response.output_text.delta', { ...this.#placeOfPart(), delta: text, logprobs: [] }),
    ];
  }

  #call({ index, id, function: called }: CallDelta): ResponseEvent[] {
    const events: ResponseEvent[] = [];
    if (!this.#places.has(index)) {
      const head = { id: newId('fc'), type: 'function_call', status: 'in_progress' };
      events.push(...this.#begin({ ...head, call_id: id ?? newId('call'), name: called?.name ?? '', arguments: '' }));
      this.#places.set(index, this.#output.length - 1);
    }
    const place = this.#places.get(index) as number;
    const item = this.#output[place] as Item;
    const delta = called?.arguments ?? '';
    if (delta === '') return events;
    item['arguments'] = `${String(item['arguments'])}${delta}`;
    const where = { item_id: item['id'], output_index: place };
    return [...events, this.#event('response.function_call_arguments.delta', { ...where, delta })];
  }

  #beginMessage(): ResponseEvent[] {
    const events = this.#begin({
      id: newId('msg'),
      type: 'message',
      status: 'in_progress',
      role: 'assistant',
      content: [],
    });
    const part = { type: 'output_text', text: '', annotations: [], logprobs: [] };
    (this.#current() as Item)['content'] = [part];
    return [...events, this.#event('response.content_part.added', { ...this.#placeOfPart(), part: { ...part } })];
  }

  #begin(item: Item): ResponseEvent[] {
    const closing = this.#close();
    this.#open = this.#output.push(item) - 1;
    const added = this.#event('response.output_item.added', { output_index: this.#open, item: { ...item } });
    return [...closing, added];
  }

  #close(): ResponseEvent[] {
    const item = this.#current();
    if (item === undefined) return [];
    const events = item.type === 'message' ? this.#closeText(item) : this.#closeCall(item);
    item['status'] = 'completed';
    events.push(this.#event('response.output_item.done', { output_index: this.#open, item: { ...item } }));
    this.#open = undefined;
    return events;
  }

  #closeText(item: Item): ResponseEvent[] {
    const part = partOf(item);
    const where = this.#placeOfPart();
    return [
      this.#event('response.output_text.done', { ...where, text: part.text, logprobs: [] }),
      this.#event('response.content_part.done', { ...where, part: { ...part } }),
    ];
  }

  #closeCall(item: Item): ResponseEvent[] {
    const { id, name, arguments: text } = item as Readonly<Record<string, unknown>>;
    const where = { item_id: id, output_index: this.#open };
    return [this.#event('response.function_call_arguments.done', { ...where, name, arguments: text })];
  }

  #current(): Item | undefined {
    return this.#open === undefined ? undefined : this.#output[this.#open];
  }

  #placeOfPart(): object {
    return { item_id: this.#current()?.['id'], output_index: this.#open, content_index: 0 };
  }
}

function partOf(item: Item): { text: string } {
  return (item['content'] as [{ text: string }])[0];
}
