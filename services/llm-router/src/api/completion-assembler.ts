import { thinkingIn, type CallDelta } from './call-delta.ts';
import { completionChoice } from './completion-choice.ts';
import type { ChatChunk, ChatCompletion, Usage } from './chat-schemas.ts';

interface Choice {
  text: string;
  thinking: string;
  readonly calls: { id: string; type: string; function: { name: string; arguments: string } }[];
  finish: string | null;
}

/** Puts the pieces of a stream together again, those of tool calls too. */
export class CompletionAssembler {
  readonly #choices = new Map<number, Choice>();
  #head: Pick<ChatChunk, 'id' | 'created' | 'model'> | undefined;
  #usage: Usage | null | undefined;

  add(chunk: ChatChunk): void {
    const { id, created, model } = chunk;
    this.#head ??= { id, created, model };
    this.#usage = chunk.usage ?? this.#usage;
    for (const { index, delta, finish_reason: finish } of chunk.choices) {
      const choice = this.#choice(index);
      if (typeof delta['content'] === 'string') choice.text += delta['content'];
      choice.thinking += thinkingIn(delta);
      if (Array.isArray(delta['tool_calls'])) addCalls(choice, delta['tool_calls'] as CallDelta[]);
      choice.finish = finish ?? choice.finish;
    }
  }

  /** The whole; nothing while a choice has not ended. */
  whole(): ChatCompletion | undefined {
    const choices = [...this.#choices].sort(([a], [b]) => a - b);
    if (this.#head === undefined || choices.length === 0 || choices.some(([, { finish }]) => finish === null)) {
      return undefined;
    }
    return {
      ...this.#head,
      object: 'chat.completion',
      choices: choices.map(([index, choice]) => completionChoice({ index, ...choice })),
      ...(this.#usage && { usage: this.#usage }),
    };
  }

  #choice(index: number): Choice {
    let choice = this.#choices.get(index);
    if (choice === undefined) {
      choice = { text: '', thinking: '', calls: [], finish: null };
      this.#choices.set(index, choice);
    }
    return choice;
  }
}

function addCalls({ calls }: Choice, deltas: readonly CallDelta[]): void {
  for (const { index, id, function: called } of deltas) {
    const call = (calls[index] ??= { id: id ?? '', type: 'function', function: { name: '', arguments: '' } });
    if (id !== undefined) call.id = id;
    call.function.name += called?.name ?? '';
    call.function.arguments += called?.arguments ?? '';
  }
}
