import type { Caller } from '../routing/caller.ts';
import type { AnswerCache, CachedAnswer } from './answer-cache.ts';
import { cacheKey } from './cache-key.ts';
import type { AskedConversation, Question, SemanticCache } from './semantic-cache.ts';

export interface FoundAnswer extends CachedAnswer {
  readonly cache: 'hit' | 'semantic-hit';
  /** Of the question to the one that was answered. */
  readonly similarity?: number | undefined;
}

/** Whose answers are kept, each in its own shape. */
export type KeptOperation = 'chat' | 'messages' | 'embeddings';

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

  /** While a store is away nothing is found, and nothing fails. */
  async find(operation: KeptOperation, request: Readonly<Record<string, unknown>>, caller: Caller): Promise<Looked> {
    const { reads, writes } = wishes(caller.cacheControl ?? '');
    const key = this.#key(operation, request);
    const equal = reads ? await this.#options.exact?.find(caller.tenant, key) : undefined;
    if (equal !== undefined) return { answer: { ...equal, cache: 'hit' }, keep: nothing };
    const isComparable = operation !== 'embeddings' && writes;
    const asked = { operation, request: request as AskedConversation['request'] & typeof request };
    const question = isComparable ? await this.#question(asked, caller) : undefined;
    const similar = reads ? await this.#similar(caller, question) : undefined;
    if (similar !== undefined) return { answer: similar, keep: nothing };
    return { keep: writes ? (answer) => this.#keep(caller, { key, question }, answer) : nothing };
  }

  #key(operation: string, request: Readonly<Record<string, unknown>>): string {
    return this.#options.exact === undefined ? '' : cacheKey(operation, request);
  }

  #question(asked: AskedConversation, { tenant, signal }: Caller): Promise<Question | undefined> | undefined {
    return this.#options.semantic?.question(tenant, asked, signal);
  }

  async #similar(caller: Caller, question: Question | undefined): Promise<FoundAnswer | undefined> {
    const found = question && (await this.#options.semantic?.find(caller, question));
    return found && { ...found, cache: 'semantic-hit' };
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

/** What a client wants of what is kept (RFC 9111): `no-cache` takes nothing, `no-store` leaves nothing either. */
function wishes(cacheControl: string): { reads: boolean; writes: boolean } {
  const writes = !cacheControl.includes('no-store');
  return { reads: writes && !cacheControl.includes('no-cache'), writes };
}

function nothing(): void {
  // There is nothing to keep.
}
