import type { Answer } from '../answers/answer-request.ts';

/** What is known of a question's answer. */
export interface KnownAnswer {
  readonly answer?: string | undefined;
  readonly answerable: boolean;
}

/** Without the answer's text: jobs are the tenant's, and sources may have fewer readers. */
export interface AnswerJudgement {
  readonly answerable: boolean;
  readonly refused: boolean;
  readonly confidence: number;
  readonly method: Answer['method'];
  /** Whether it says what it has to; null where that is not known. */
  readonly correct: boolean | null;
  /** Share of a model's sentences that the sources support. */
  readonly grounded: number;
}

/** Shares of the questions that they are about; null where there is no such question. */
export interface AnswerSummary {
  readonly answerable: number;
  readonly unanswerable: number;
  /** Of those that can be answered. */
  readonly false_refusals: number | null;
  /** Of those that cannot. */
  readonly refusals: number | null;
  /** Of those whose answer is known; what is refused is not correct. */
  readonly correct: number | null;
  /** Of those that were answered, how much of them the sources support. */
  readonly grounded: number | null;
}

export function judgeAnswer(answer: Answer, known: KnownAnswer): AnswerJudgement {
  const { refused, confidence, method, text, grounded } = answer;
  const correct = known.answer === undefined ? null : plain(text).includes(plain(known.answer));
  return { answerable: known.answerable, refused, confidence, method, correct, grounded };
}

export function summarizeAnswers(all: readonly AnswerJudgement[]): AnswerSummary {
  const [can, cannot] = [all.filter(({ answerable }) => answerable), all.filter(({ answerable }) => !answerable)];
  const answers = all.filter(({ refused }) => !refused);
  return {
    answerable: can.length,
    unanswerable: cannot.length,
    false_refusals: mean(can.map(({ refused }) => Number(refused))),
    refusals: mean(cannot.map(({ refused }) => Number(refused))),
    correct: mean(all.flatMap(({ correct }) => (correct === null ? [] : [Number(correct)]))),
    grounded: mean(answers.map(({ grounded }) => grounded)),
  };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}
