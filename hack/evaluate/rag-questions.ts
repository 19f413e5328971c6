/** Reads questions with their paragraphs from files in SQuAD's format. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Question {
  readonly text: string;
  /** Number of its paragraph. */
  readonly paragraph: number;
  /** Where the answer is in the paragraph: [start, end). */
  readonly start: number;
  readonly end: number;
}

interface Squad {
  data: {
    paragraphs: {
      context: string;
      qas: { question: string; is_impossible?: boolean; answers: { text: string; answer_start: number }[] }[];
    }[];
  }[];
}

/** Files with questions, in the folder or in those in it. */
export function findQuestions(folder: string): string[] {
  const isOne = (file: string): boolean =>
    file.endsWith('.json') && readFileSync(file, 'utf8').includes('"answer_start"');
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return isOne(path) ? [path] : [];
    return readdirSync(path)
      .map((name) => join(path, name))
      .filter(isOne);
  });
}

/** Questions that have an answer, with all paragraphs. */
export function readQuestions(file: string): { paragraphs: string[]; questions: Question[] } {
  const { data } = JSON.parse(readFileSync(file, 'utf8')) as Squad;
  const all = data.flatMap(({ paragraphs }) => paragraphs);
  const questions = all.flatMap(({ qas }, paragraph) =>
    qas.flatMap(({ question, answers: [answer] }): Question[] => {
      if (answer === undefined) return [];
      const { answer_start: start, text } = answer;
      return [{ text: question, paragraph, start, end: start + text.length }];
    }),
  );
  return { paragraphs: all.map(({ context }) => context), questions };
}
