import type { ChatRequest } from '../api/chat-schemas.ts';
import type { Caller } from '../routing/caller.ts';
import type { AnswerCache, CachedAnswer } from './answer-cache.ts';
import { cacheKey } from './cache-key.ts';
import type { Question, SemanticCache } from './semantic-cache.ts';

export interface FoundAnswer extends CachedAnswer {
  readonly cache: 'hit' | 'semantic-hit';
  /** Of the question to the one that was answered. */
  readonly similarity?: number | undefined;
}

/** What was found, and how to keep what will be. */
export interface Looked {
  readonly answer?: FoundAnswer | undefined;
  readonly keep: (answer: CachedAnswer) => void;
}

export interface AnswerBookOptions {
  readonly exact?: AnswerCache | undefined;
  readonly semantic?: SemanticCache | undefined;
}

/** Answers that are kept: to equal requests, and where it is asked for, to questions that mean the same. */
export class AnswerBook {
  readonly #options: AnswerBookOptions;

  constructor(options: AnswerBookOptions) {
    this.#options = options;
  }

  chat(request: ChatRequest, caller: Caller): Promise<Looked> {
    return this.find('chat', request, caller);
  }

  /** While a store is away nothing is found, and nothing fails. */
  async find(
    operation: 'chat' | 'embeddings',
    request: Readonly<Record<string, unknown>>,
    caller: Caller,
  ): Promise<Looked> {
    const { exact, semantic } = this.#options;
    const { tenant, signal, cacheControl = '' } = caller;
    const [reads, writes] = [!/no-cache|no-store/.test(cacheControl), !cacheControl.includes('no-store')];
    const key = exact === undefined ? '' : cacheKey(operation, request);
    const equal = reads ? await exact?.find(tenant, key) : undefined;
    if (equal !== undefined) return { answer: { ...equal, cache: 'hit' }, keep: nothing };
    const question =
      operation === 'chat' && (reads || writes)
        ? await semantic?.question(tenant, request as ChatRequest, signal)
        : undefined;
    const similar = question !== undefined && reads ? await semantic?.find(caller, question) : undefined;
    if (similar !== undefined) return { answer: { ...similar, cache: 'semantic-hit' }, keep: nothing };
    return { keep: writes ? (answer) => this.#keep(caller, { key, question }, answer) : nothing };
  }

  #keep(
    caller: Caller,
    { key, question }: { key: string; question: Question | undefined },
    answer: CachedAnswer,
  ): void {
    this.#options.exact?.keep(caller.tenant, key, answer);
    if (question !== undefined) this.#options.semantic?.keep(caller, question, answer);
  }
}

function nothing(): void {
  // There is nothing to keep.
}
