import { textSimilarity } from './edit-distance.ts';
import type { MarkdownFacts, OutlineHeading } from './markdown-facts.ts';
import { treeSimilarity, type Tree } from './tree-distance.ts';

/** Scores of one document; undefined where the wanted text has nothing of the kind. */
export interface ConversionScores {
  text: number;
  headings: number | undefined;
  tables: number[];
}

/** Compares what a converter gave with what was wanted; definitions in the README of the data. */
export function conversionScores(got: MarkdownFacts, wanted: MarkdownFacts): ConversionScores {
  return {
    text: textSimilarity(got.text, wanted.text),
    headings: wanted.headings.length === 0 ? undefined : outlineSimilarity(got.headings, wanted.headings),
    tables: wanted.tables.length === 0 ? [] : tableSimilarities(got.tables, wanted.tables),
  };
}

type HeadingLabel = OutlineHeading | undefined;

/** Heading outline (MHS): headings nest by level under a root; a wrong level costs half a heading, wrong words the rest. */
export function outlineSimilarity(got: readonly OutlineHeading[], wanted: readonly OutlineHeading[]): number {
  return treeSimilarity<HeadingLabel>(outline(got), outline(wanted), (left, right) => {
    if (!left || !right) return left === right ? 0 : 1;
    return (1 - textSimilarity(left.text, right.text)) / 2 + (left.level === right.level ? 0 : 0.5);
  });
}

function outline(headings: readonly OutlineHeading[]): Tree<HeadingLabel> {
  const root: Tree<HeadingLabel> = { label: undefined, children: [] };
  const path = [root];
  for (const heading of headings) {
    while (path.length > 1 && (path.at(-1)?.label?.level ?? 0) >= heading.level) path.pop();
    const node: Tree<HeadingLabel> = { label: heading, children: [] };
    path.at(-1)?.children.push(node);
    path.push(node);
  }
  return root;
}

/**
 * Table structure and content (TEDS). Tables are paired in order so that the sum of similarities is greatest;
 * a table without partner, on either side, counts 0.
 */
export function tableSimilarities(got: readonly string[][][], wanted: readonly string[][][]): number[] {
  const similar = got.map((left) => wanted.map((right) => treeSimilarity(tableTree(left), tableTree(right), cellCost)));
  const best = Array.from({ length: got.length + 1 }, () => new Array<number>(wanted.length + 1).fill(0));
  const value = (i: number, j: number): number => best[i]?.[j] ?? 0;
  for (let i = 1; i <= got.length; i += 1) {
    for (let j = 1; j <= wanted.length; j += 1) {
      const row = best[i];
      if (row)
        row[j] = Math.max(value(i - 1, j), value(i, j - 1), value(i - 1, j - 1) + (similar[i - 1]?.[j - 1] ?? 0));
    }
  }
  const total = value(got.length, wanted.length);
  const count = Math.max(got.length, wanted.length);
  return new Array<number>(count).fill(total / count);
}

function tableTree(rows: readonly string[][]): Tree<string | undefined> {
  const node = (children: Tree<string | undefined>[]): Tree<string | undefined> => ({ label: undefined, children });
  return node(rows.map((row) => node(row.map((cell) => ({ label: cell, children: [] })))));
}

function cellCost(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined) return left === right ? 0 : 1;
  return 1 - textSimilarity(left, right);
}
