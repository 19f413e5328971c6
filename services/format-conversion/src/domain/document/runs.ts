import type { Inline, Mark } from './inline.ts';

export interface LinkTarget {
  url: string;
  title?: string;
}

/** A stretch of content with its whole formatting, the way HTML, OOXML, RTF and PDF tell it. */
export interface Run {
  content: Inline;
  marks: readonly Mark[];
  /** Runs of one link share one object: two links to the same address stay two. */
  link?: LinkTarget | undefined;
}

/** Nesting order, outermost first, so that equal formatting always yields equal trees. */
const ORDER: readonly Mark[] = ['underline', 'strike', 'strong', 'emphasis', 'superscript', 'subscript'];

/**
 * Turns flat runs into the nested form. Neighbours with equal formatting merge, so that a word that an editor
 * split over five runs is one text again, and space never sits at the inner edge of a mark or link
 * (`**bold **` is not emphasis in Markdown).
 */
export function nestRuns(runs: readonly Run[]): Inline[] {
  const nested = groupBy(levelSpaces(runs), (run) => run.link).flatMap(({ key, members }) =>
    key === undefined
      ? nestMarks(members, ORDER)
      : wrapTrimmed(members, (inner) => ({ type: 'link', ...key, children: nestMarks(inner, ORDER) })),
  );
  return mergeText(nested);
}

function nestMarks(runs: readonly Run[], order: readonly Mark[]): Inline[] {
  const [mark, ...rest] = order;
  if (mark === undefined) return mergeText(runs.map((run) => run.content));
  return groupBy(runs, (run) => run.marks.includes(mark)).flatMap(({ key, members }) =>
    key
      ? wrapTrimmed(members, (inner) => ({ type: 'mark', mark, children: nestMarks(inner, rest) }))
      : nestMarks(members, rest),
  );
}

/** A run of space alone takes the formatting that both neighbours share. */
function levelSpaces(runs: readonly Run[]): Run[] {
  return runs.map((run, index) => {
    if (!isSpace(run)) return run;
    const [before, after] = [runs[index - 1], runs[index + 1]];
    const marks = before && after ? before.marks.filter((mark) => after.marks.includes(mark)) : [];
    return { content: run.content, marks, link: before?.link === after?.link ? before?.link : undefined };
  });
}

function wrapTrimmed(runs: readonly Run[], wrap: (inner: Run[]) => Inline): Inline[] {
  const inner = [...runs];
  const before = takeSpace(inner, 0, /^\s+/);
  const after = takeSpace(inner, inner.length - 1, /\s+$/);
  return [...before, ...(inner.length > 0 ? [wrap(inner)] : []), ...after];
}

/** Removes the space at one end of the runs and returns it. */
function takeSpace(runs: Run[], index: number, pattern: RegExp): Inline[] {
  const run = runs[index];
  if (run?.content.type !== 'text') return [];
  const space = pattern.exec(run.content.text)?.[0] ?? '';
  if (space === '') return [];
  const rest = run.content.text.replace(pattern, '');
  if (rest === '') runs.splice(index, 1);
  else runs[index] = { ...run, content: { type: 'text', text: rest } };
  return [{ type: 'text', text: space }];
}

function isSpace(run: Run): boolean {
  return run.content.type === 'text' && run.content.text.trim() === '';
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): { key: K; members: T[] }[] {
  const groups: { key: K; members: T[] }[] = [];
  for (const item of items) {
    const key = keyOf(item);
    const last = groups.at(-1);
    if (last !== undefined && last.key === key) last.members.push(item);
    else groups.push({ key, members: [item] });
  }
  return groups;
}

/** Joins neighbouring texts and drops empty ones. */
export function mergeText(children: readonly Inline[]): Inline[] {
  const merged: Inline[] = [];
  for (const child of children) {
    const last = merged.at(-1);
    if (child.type === 'text' && child.text === '') continue;
    if (child.type === 'text' && last?.type === 'text') {
      merged[merged.length - 1] = { type: 'text', text: last.text + child.text };
    } else merged.push(child);
  }
  return merged;
}
