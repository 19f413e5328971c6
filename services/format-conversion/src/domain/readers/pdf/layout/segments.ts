import type { Glyph } from '../page/content.ts';
import { overlap } from './box.ts';
import { isRightToLeft, logicalOrder, readsRightToLeft } from './reading-direction.ts';
import { glyphBottom, glyphTop, type Segment, type TextRun } from './segment.ts';

/** Baselines closer than this part of the size are one line. */
const BASELINE_TOLERANCE = 0.2;
/** A gap wider than this part of the size separates words, a narrower one where a space was shown too. */
const WORD_GAP = 0.17;
const SPACED_GAP = 0.04;
/** A gap wider than this ends the segment. */
const SEGMENT_GAP = 0.95;
/** Glyphs smaller than this part of their neighbours' size may be sub- or superscript. */
const SCRIPT_SIZE = 0.82;

/** Gathers glyphs into segments: baselines, then wide gaps, then scripts back to the text they belong to. */
export function segmentsOf(glyphs: readonly Glyph[]): Segment[] {
  const groups = baselineRows(withoutDoubles(glyphs)).flatMap(splitAtGaps);
  return attachScripts(groups).map(segmentOf);
}

/** Producers fake bold by showing a glyph twice, a fraction of a point apart. */
function withoutDoubles(glyphs: readonly Glyph[]): Glyph[] {
  const seen = new Map<string, Glyph[]>();
  return glyphs.filter((glyph) => {
    const key = `${glyph.text}/${Math.round(glyph.baseline / 4)}`;
    const others = seen.get(key) ?? [];
    const double = others.some(
      (other) =>
        Math.abs(other.left - glyph.left) < glyph.size * 0.08 &&
        Math.abs(other.baseline - glyph.baseline) < glyph.size * 0.08,
    );
    if (!double) seen.set(key, [...others, glyph]);
    return !double;
  });
}

function baselineRows(glyphs: readonly Glyph[]): Glyph[][] {
  const rows: Glyph[][] = [];
  for (const glyph of [...glyphs].sort((a, b) => a.baseline - b.baseline)) {
    const row = rows.at(-1);
    const first = row?.[0];
    if (row && first && glyph.baseline - first.baseline <= BASELINE_TOLERANCE * Math.max(glyph.size, first.size))
      row.push(glyph);
    else rows.push([glyph]);
  }
  return rows;
}

function splitAtGaps(row: readonly Glyph[]): Glyph[][] {
  const sorted = [...row].sort((a, b) => a.left - b.left);
  const groups: Glyph[][] = [];
  let right = -Infinity;
  for (const glyph of sorted) {
    if (groups.length > 0 && glyph.left - right <= SEGMENT_GAP * glyph.size) groups.at(-1)?.push(glyph);
    else groups.push([glyph]);
    right = Math.max(right, glyph.right);
  }
  return groups;
}

/** A script: small glyphs raised or lowered beside larger ones. They join the larger group in place. */
function attachScripts(groups: readonly Glyph[][]): Glyph[][] {
  const bySize = [...groups].sort((a, b) => sizeOf(b) - sizeOf(a));
  const joined: Glyph[][] = [];
  for (const group of bySize) {
    const host = joined.find((candidate) => isScriptOf(group, candidate));
    if (host) host.push(...group);
    else joined.push([...group]);
  }
  return mergeTouching(joined.map((group) => group.sort((a, b) => a.left - b.left)));
}

function isScriptOf(group: readonly Glyph[], host: readonly Glyph[]): boolean {
  const [size, hostSize] = [sizeOf(group), sizeOf(host)];
  if (size > hostSize * SCRIPT_SIZE) return false;
  const [small, large] = [edges(group), edges(host)];
  const shift = (large.baseline - small.baseline) / hostSize;
  const gap = -overlap(small.left, small.right, large.left, large.right);
  return shift > -0.35 && shift < 0.65 && gap < 0.3 * hostSize && group.length <= Math.max(12, host.length);
}

/** A script between two parts of a line bridges the gap between them. */
function mergeTouching(groups: Glyph[][]): Glyph[][] {
  const merged: Glyph[][] = [];
  const ordered = [...groups].sort((a, b) => edges(a).left - edges(b).left);
  for (const group of ordered) {
    const own = edges(group);
    const host = merged.find((candidate) => {
      const { right, baseline } = edges(candidate);
      const size = sizeOf(group);
      const level = Math.abs(baseline - own.baseline) <= BASELINE_TOLERANCE * size;
      return level && own.left - right <= SEGMENT_GAP * size && own.left - right > -size && sizeOf(candidate) === size;
    });
    if (host) host.push(...group);
    else merged.push(group);
  }
  return merged;
}

function edges(glyphs: readonly Glyph[]): { left: number; right: number; baseline: number } {
  return {
    left: glyphs.reduce((least, glyph) => Math.min(least, glyph.left), Infinity),
    right: glyphs.reduce((most, glyph) => Math.max(most, glyph.right), -Infinity),
    baseline: dominant(glyphs).baseline,
  };
}

function sizeOf(glyphs: readonly Glyph[]): number {
  return dominant(glyphs).size;
}

/** The first glyph of the size that most glyphs have. */
function dominant(glyphs: readonly Glyph[]): Glyph {
  const counts = new Map<number, number>();
  for (const { size } of glyphs) counts.set(Math.round(size * 10), (counts.get(Math.round(size * 10)) ?? 0) + 1);
  const [best] = [...counts].reduce((left, right) => (right[1] > left[1] ? right : left));
  return glyphs.find(({ size }) => Math.round(size * 10) === best) as Glyph;
}

function segmentOf(glyphs: readonly Glyph[]): Segment {
  const { baseline, size } = dominant(glyphs);
  const words = wordsOf(glyphs);
  const rightToLeft = readsRightToLeft(glyphs.map((glyph) => glyph.text).join(''));
  const ordered = rightToLeft
    ? logicalOrder(words, textOfWord).map((word) => logicalOrder(word, (glyph) => glyph.text))
    : words;
  const runs = runsOf(ordered, { baseline, size });
  return {
    kind: 'text',
    left: Math.min(...glyphs.map((glyph) => glyph.left)),
    right: Math.max(...glyphs.map((glyph) => glyph.right)),
    top: Math.min(...glyphs.map(glyphTop)),
    bottom: Math.max(...glyphs.map(glyphBottom)),
    baseline,
    size,
    runs,
    text: runs.map((run) => run.text).join(''),
    rightToLeft,
  };
}

function textOfWord(word: readonly Glyph[]): string {
  return word.map((glyph) => glyph.text).join('');
}

function wordsOf(glyphs: readonly Glyph[]): Glyph[][] {
  const words: Glyph[][] = [];
  let right = -Infinity;
  for (const glyph of glyphs) {
    const gap = glyph.left - right;
    const apart = gap > WORD_GAP * glyph.size || (glyph.spaced && gap > SPACED_GAP * glyph.size);
    if (words.length === 0 || apart || changesScript(words.at(-1)?.at(-1), glyph)) words.push([glyph]);
    else words.at(-1)?.push(glyph);
    right = Math.max(right, glyph.right);
  }
  return words;
}

/** Latin names in right-to-left text stand by themselves, whatever space the producer left around them. */
function changesScript(before: Glyph | undefined, glyph: Glyph): boolean {
  if (!before || !/\p{L}/u.test(before.text) || !/\p{L}/u.test(glyph.text)) return false;
  return isRightToLeft(before.text) !== isRightToLeft(glyph.text);
}

function runsOf(words: readonly (readonly Glyph[])[], line: { baseline: number; size: number }): TextRun[] {
  const runs: TextRun[] = [];
  words.forEach((word, index) => {
    word.forEach((glyph, place) => {
      const run = runOf(glyph, line);
      const space = place === 0 && index > 0 ? ' ' : '';
      const last = runs.at(-1);
      if (last && sameFormat(last, run)) last.text += space + run.text;
      else {
        if (last) last.text += space;
        runs.push(run);
      }
    });
  });
  return runs;
}

function sameFormat(one: TextRun, other: TextRun): boolean {
  return one.face === other.face && one.position === other.position && one.link === other.link;
}

function runOf(glyph: Glyph, { baseline, size }: { baseline: number; size: number }): TextRun {
  // Arabic presentation forms stand for letters.
  const text = /[\uFB50-\uFDFF\uFE70-\uFEFC]/.test(glyph.text) ? glyph.text.normalize('NFKC') : glyph.text;
  const raised = (baseline - glyph.baseline) / size;
  const small = glyph.size <= size * SCRIPT_SIZE;
  const run: TextRun = { text, face: glyph.face, size: glyph.size, ...(glyph.link ? { link: glyph.link } : {}) };
  if (small && raised > 0.15) run.position = 'superscript';
  if (small && raised < -0.08) run.position = 'subscript';
  return run;
}
