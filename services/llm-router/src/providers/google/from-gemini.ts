import { newId } from '@genai-platform/common';
import type { ChatChunk, ChatCompletion, Usage } from '../../api/chat-schemas.ts';
import { completionChoice } from '../../api/completion-choice.ts';

interface Part {
  readonly text?: string;
  /** Of what the model thinks, which is not its answer. */
  readonly thought?: boolean;
  readonly functionCall?: { readonly id?: string; readonly name: string; readonly args?: unknown };
}

interface Candidate {
  readonly index?: number;
  readonly content?: { readonly parts?: readonly Part[] };
  readonly finishReason?: string;
}

/** What Gemini answers, whole or in pieces. */
export interface GeminiReply {
  readonly candidates?: readonly Candidate[];
  readonly usageMetadata?: Readonly<Record<string, number | undefined>>;
  readonly modelVersion?: string;
  readonly responseId?: string;
  readonly promptFeedback?: { readonly blockReason?: string };
}

const REASONS: Readonly<Record<string, string>> = { STOP: 'stop', MAX_TOKENS: 'length' };

/** Why a text ended, in OpenAI's words; what is neither its end nor its length is a filter of some kind. */
function finishReason(reason: string, hasCalls: boolean): string {
  if (reason === 'STOP' && hasCalls) return 'tool_calls';
  return REASONS[reason] ?? 'content_filter';
}

export function toUsage(counts: GeminiReply['usageMetadata'] = {}): Usage {
  const count = (name: string): number => counts[name] ?? 0;
  const prompt = count('promptTokenCount');
  const thoughts = count('thoughtsTokenCount');
  const completion = count('candidatesTokenCount') + thoughts;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: count('cachedContentTokenCount') },
    completion_tokens_details: { reasoning_tokens: thoughts },
  };
}

/** Gemini's reply as OpenAI's completion. */
export function toCompletion(reply: GeminiReply, model: string, createdSeconds: number): ChatCompletion {
  return {
    id: reply.responseId ?? newId('chatcmpl'),
    object: 'chat.completion',
    created: createdSeconds,
    model: reply.modelVersion ?? model,
    choices: candidatesOf(reply).map((candidate) => {
      const { text, thinking, calls } = contentOf(candidate);
      const finish = finishReason(candidate.finishReason ?? 'STOP', calls.length > 0);
      return completionChoice({ index: candidate.index ?? 0, text, thinking, calls, finish });
    }),
    usage: toUsage(reply.usageMetadata),
  };
}

/** Pieces of one stream as OpenAI's events. */
export class GeminiStream {
  readonly #model: string;
  readonly #created: number;
  readonly #id = newId('chatcmpl');
  /** How many calls each choice has made. */
  readonly #calls = new Map<number, number>();
  #usage: GeminiReply['usageMetadata'];
  #begun = false;
  /** Whether the model said why it ended. */
  complete = false;

  constructor(model: string, createdSeconds: number) {
    this.#model = model;
    this.#created = createdSeconds;
  }

  push(reply: GeminiReply): ChatChunk {
    this.#usage = reply.usageMetadata ?? this.#usage;
    const role = this.#begun ? {} : { role: 'assistant' };
    this.#begun = true;
    return this.#chunk(candidatesOf(reply).map((candidate) => this.#choice(candidate, role)));
  }

  /** The last event. */
  usage(): ChatChunk {
    return { ...this.#chunk([]), usage: toUsage(this.#usage) };
  }

  #choice(candidate: Candidate, role: object): ChatChunk['choices'][number] {
    const index = candidate.index ?? 0;
    const { text, thinking, calls } = contentOf(candidate);
    const before = this.#calls.get(index) ?? 0;
    this.#calls.set(index, before + calls.length);
    const { finishReason: reason } = candidate;
    if (reason !== undefined) this.complete = true;
    return {
      index,
      delta: {
        ...role,
        ...(thinking !== '' && { reasoning_content: thinking }),
        ...(text !== '' && { content: text }),
        ...(calls.length > 0 && { tool_calls: calls.map((call, place) => ({ index: before + place, ...call })) }),
      },
      finish_reason: reason === undefined ? null : finishReason(reason, before + calls.length > 0),
    };
  }

  #chunk(choices: ChatChunk['choices']): ChatChunk {
    return { id: this.#id, object: 'chat.completion.chunk', created: this.#created, model: this.#model, choices };
  }
}

/** A prompt that was blocked has no candidates: it is an answer that was filtered. */
function candidatesOf({ candidates, promptFeedback }: GeminiReply): readonly Candidate[] {
  if (promptFeedback?.blockReason !== undefined) return [{ finishReason: promptFeedback.blockReason }];
  return candidates ?? [];
}

function contentOf({ content }: Candidate): {
  text: string;
  thinking: string;
  calls: { id: string; type: string; function: { name: string; arguments: string } }[];
} {
  const parts = content?.parts ?? [];
  const calls = parts.flatMap(({ functionCall: call }) => (call === undefined ? [] : [call]));
  return {
    text: parts.map(({ text, thought }) => (thought === true ? '' : (text ?? ''))).join(''),
    thinking: parts.map(({ text, thought }) => (thought === true ? (text ?? '') : '')).join(''),
    calls: calls.map(({ id, name, args }) => ({
      id: id ?? newId('call'),
      type: 'function',
      function: { name, arguments: JSON.stringify(args ?? {}) },
    })),
  };
}
