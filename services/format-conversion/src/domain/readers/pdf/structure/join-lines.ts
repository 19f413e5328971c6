import type { Inline, Mark } from '../../../document/inline.ts';
import { nestRuns, type Run } from '../../../document/runs.ts';
import type { Line } from '../layout/line.ts';
import type { TextRun } from '../layout/segment.ts';

/** Words of the document as they stand inside lines, for deciding about hyphens at line ends. */
export type Vocabulary = ReadonlySet<string>;

export function vocabularyOf(lines: readonly Line[]): Vocabulary {
  return new Set(lines.flatMap(({ text }) => text.toLowerCase().match(/[\p{L}]+(?:-[\p{L}]+)*/gu) ?? []));
}

/** Scripts written without spaces between words: Han, Kana, Thai, Lao, Khmer. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\u3001\u3002\uff0c]/u;

export interface JoinOptions {
  vocabulary: Vocabulary;
  /** Marks that the whole text has and that therefore say nothing. */
  ignore: readonly Mark[];
}

/** The text of lines as one paragraph: hyphens of broken words go, other line ends become spaces. */
export function joinLines(lines: readonly Line[], options: JoinOptions): Inline[] {
  return nestRuns(
    joinRuns(
      lines.map((line) => line.runs),
      options.vocabulary,
    ).map((run) => markedRun(run, options.ignore)),
  );
}

export function joinRuns(lines: readonly (readonly TextRun[])[], vocabulary: Vocabulary): TextRun[] {
  const joined: TextRun[] = [];
  for (const runs of lines) {
    const last = joined.at(-1);
    const [first] = runs;
    if (last && first) {
      const { kept, glue } = junction(last.text, first.text, vocabulary);
      joined[joined.length - 1] = { ...last, text: kept + glue };
    }
    joined.push(...runs);
  }
  return joined;
}

function junction(before: string, after: string, vocabulary: Vocabulary): { kept: string; glue: string } {
  const kept = before.trimEnd();
  const broken = /([\p{L}]+)[-\u2010\u00ad]$/u.exec(kept);
  if (broken && /^\p{Ll}/u.test(after))
    return { kept: isCompound(kept, after, vocabulary) ? kept : kept.slice(0, -1), glue: '' };
  if (/[\p{L}\d][-\u2010/]$/u.test(kept) && /^\S/.test(after)) return { kept, glue: '' };
  const [left, right] = [kept.at(-1) ?? '', after.trimStart().charAt(0)];
  return { kept, glue: UNSPACED.test(left) && UNSPACED.test(right) ? '' : ' ' };
}

/** A hyphen at a line's end belongs to the word if the document writes it so elsewhere. */
function isCompound(before: string, after: string, vocabulary: Vocabulary): boolean {
  const [head, tail] = [lastWord(before), firstWord(after)];
  if (vocabulary.has(`${head}-${tail}`)) return true;
  if (vocabulary.has(head + tail)) return false;
  return head.includes('-') || [head, tail].every((part) => part.length > 3 && vocabulary.has(part));
}

/** The word before the hyphen at the end. */
function lastWord(text: string): string {
  return (/[\p{L}-]+(?=[-\u2010\u00ad]$)/u.exec(text)?.[0] ?? '').toLowerCase();
}

function firstWord(text: string): string {
  return (/^\p{L}+/u.exec(text)?.[0] ?? '').toLowerCase();
}

function markedRun({ text, face, position, link }: TextRun, ignore: readonly Mark[]): Run {
  const marks: Mark[] = [];
  if (face.bold) marks.push('strong');
  if (face.italic) marks.push('emphasis');
  if (position) marks.push(position);
  return { content: { type: 'text', text }, marks: marks.filter((mark) => !ignore.includes(mark)), link };
}
