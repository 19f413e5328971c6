import { countsOf } from '../api/token-counts.ts';
import type { AnswerBook, FoundAnswer, KeptOperation } from '../cache/answer-book.ts';
import type { Worded } from '../providers/provider.ts';
import type { Named, Routed, RoutedReply, RoutedStream } from './asked.ts';
import type { Caller } from './caller.ts';
import type { Dispatcher } from './dispatcher.ts';
import { keepingStream, type Assembler } from './keeping-stream.ts';

export interface KeptAnswersOptions {
  /** Absent where no answers are kept. */
  readonly answers?: AnswerBook | undefined;
  readonly dispatcher: Dispatcher;
}

/** A request that may have been answered before. */
export interface Repeatable {
  readonly kind: KeptOperation;
  readonly request: Named & Readonly<Record<string, unknown>>;
  /** What else the answer depends on. */
  readonly betas?: readonly string[];
}

/** How a stream is made, made again of a whole answer, and put together. */
export interface StreamWays<A, C extends object> {
  readonly ask: (cache: 'off' | 'miss') => Promise<RoutedStream<C>>;
  readonly replay: (answer: A) => readonly Worded<C>[];
  readonly assembler: () => Assembler<C>;
}

/** Gives answers again that are kept, and keeps those that are not. */
export class KeptAnswers {
  readonly #answers: AnswerBook | undefined;
  readonly #dispatcher: Dispatcher;

  constructor({ answers, dispatcher }: KeptAnswersOptions) {
    this.#answers = answers;
    this.#dispatcher = dispatcher;
  }

  async whole<A extends object>(
    asked: Repeatable,
    caller: Caller,
    ask: (cache: 'off' | 'miss') => RoutedReply<A>,
  ): RoutedReply<A> {
    if (this.#answers === undefined) return await ask('off');
    const found = await this.#answers.find(asked.kind, keyed(asked), caller);
    if (found.answer !== undefined) return this.#answered<A>(asked, caller, found.answer);
    const routed = await ask('miss');
    found.keep({ target: routed.decision.target ?? '', text: routed.answer.text });
    return routed;
  }

  async stream<A extends object, C extends object>(
    asked: Repeatable,
    caller: Caller,
    { ask, replay, assembler }: StreamWays<A, C>,
  ): Promise<RoutedStream<C>> {
    if (this.#answers === undefined) return await ask('off');
    const found = await this.#answers.find(asked.kind, keyed(asked), caller);
    if (found.answer === undefined) return keepingStream(await ask('miss'), assembler(), found.keep);
    const { answer, decision } = this.#answered<A>(asked, caller, found.answer);
    return { decision, batches: () => once(replay(answer.value)), finish: () => undefined };
  }

  #answered<A extends object>({ kind, request }: Repeatable, caller: Caller, found: FoundAnswer): Routed<Worded<A>> {
    const value = JSON.parse(found.text) as A;
    const operation = kind === 'messages' ? 'chat' : kind;
    const decision = this.#dispatcher.cached({ operation, request }, caller, found, countsOf(value));
    return { answer: { value, text: found.text }, decision };
  }
}

function keyed({ request, betas = [] }: Repeatable): Repeatable['request'] {
  return betas.length === 0 ? request : { ...request, betas };
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield await Promise.resolve(value);
}
