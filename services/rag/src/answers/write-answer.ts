import type { Analyzer } from '@genai-platform/common/retrieval';
import type { CitedText, Citation } from '../domain/answering/citation.ts';
import { answerPrompt, readMarks, saysNotSaid } from '../domain/answering/prompt.ts';
import { SentenceStream } from '../domain/answering/sentence-stream.ts';
import { supportOf } from '../domain/answering/support.ts';
import type { Generator } from '../platform/generator.ts';
import type { Caller } from '../store/caller.ts';

/** An answer that a model has worded, checked against its sources. */
export interface WrittenAnswer extends CitedText {
  /** Share of the model's sentences that the sources support; the others are left out. */
  readonly grounded: number;
  /** Whether the model itself has said that the sources do not say. */
  readonly declined: boolean;
}

export interface WriteParts {
  readonly generator: Generator;
  readonly analyzer: Analyzer;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** Hears of each part of the answer that has passed, with its citation. */
  readonly say: (text: string, citation: Citation) => void;
}

/**
 * Has a model word an answer. Each sentence is looked up in the sources before anybody sees it: what no source says is
 * left out, and every other sentence is cited by the words of the source, not by those of the model.
 */
export async function writeAnswer(
  { generator, analyzer, caller, signal, say }: WriteParts,
  { model, query, passages }: { model: string; query: string; passages: readonly { context: string; text: string }[] },
): Promise<WrittenAnswer> {
  const texts = passages.map(({ text }) => text);
  const stream = new SentenceStream();
  const citations: Citation[] = [];
  let [answer, said, declined] = ['', 0, false];
  const take = (sentences: readonly string[]): void => {
    for (const sentence of sentences) {
      const { text, cited } = readMarks(sentence);
      declined ||= saysNotSaid(text);
      if (text === '' || declined) continue;
      said += 1;
      const support = supportOf(text, texts, analyzer, cited) ?? supportOf(text, texts, analyzer);
      if (support === undefined) continue;
      const piece = answer === '' ? text : ` ${text}`;
      const answerStart = answer.length + piece.length - text.length;
      answer += piece;
      const { passage, start, end } = support;
      const quoted = (texts[passage] as string).slice(start, end);
      const citation = { passage, start, end, text: quoted, answerStart, answerEnd: answer.length };
      citations.push(citation);
      say(piece, citation);
    }
  };
  for await (const piece of generator.generate(caller, { model, messages: answerPrompt(query, passages), signal }))
    take(stream.push(piece));
  take(stream.finish());
  return { text: answer, citations, grounded: said === 0 ? 0 : citations.length / said, declined };
}
