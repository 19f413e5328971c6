import { Dictionary } from '../codec/dictionary.ts';
import { textFields, valueFields } from '../settings.ts';
import type { IndexSettings } from '../settings.ts';
import { decodeKeywords, decodeNumbers, encodeKeywords, encodeNumbers } from './column.ts';
import type { Column } from './column.ts';
import { encodeNumbersOf } from './document-numbers.ts';
import type { Steps } from './inverter.ts';
import { decodeLengths, encodeLengths } from './lengths.ts';
import { mergeInverted } from './merge-inverted.ts';
import type { MergeSide } from './merge-inverted.ts';
import type { LiveSegment, Segment } from './segment.ts';
import { SegmentLayout, part } from './segment-file.ts';
import type { SegmentFile } from './segment-file.ts';

/** A segment to merge, with all its bytes. */
export interface MergeInput extends LiveSegment {
  readonly bytes: Uint8Array;
}

export interface MergedSegment {
  readonly file: SegmentFile;
  /** Numbers of its documents, ascending. */
  readonly numbers: readonly number[];
}

interface Kept extends MergeInput {
  readonly target: Int32Array;
  readonly ordinals: readonly number[];
}

/** Writes one segment from several neighbours, without what was deleted. The result equals one built afresh. */
export function* mergeSegments(inputs: readonly MergeInput[], settings: IndexSettings): Steps<MergedSegment> {
  const kept = keep(inputs);
  const layout = new SegmentLayout();
  const totals: Record<string, number> = {};
  for (const field of textFields(settings)) {
    const inverted = yield* mergeInverted(
      sides(kept, part.terms(field), part.documents(field), part.positions(field)),
      true,
    );
    layout.add(part.terms(field), inverted.dictionary);
    layout.add(part.documents(field), inverted.documents);
    layout.add(part.positions(field), inverted.positions as Uint8Array);
    const lengths = kept.flatMap((side) => fieldLengths(side, field));
    layout.add(part.lengths(field), encodeLengths(lengths));
    totals[field] = lengths.reduce((sum, length) => sum + length, 0);
  }
  const words = yield* mergeInverted(sides(kept, part.words, part.wordDocuments), false);
  layout.add(part.words, words.dictionary);
  layout.add(part.wordDocuments, words.documents);
  for (const field of valueFields(settings)) layout.add(part.column(field), mergeColumns(kept, settings, field));
  if (settings.acl) layout.add(part.acl, encodeKeywords(kept.flatMap((side) => keywordRows(side, part.acl))));
  const numbers = kept.flatMap(({ segment, ordinals }) => ordinals.map((ordinal) => segment.numbers.numberOf(ordinal)));
  if (!isRun(numbers)) layout.add(part.numbers, encodeNumbersOf(numbers));
  return { file: layout.finish(numbers.length, totals), numbers };
}

/** Gives each document that is left its place in the result. */
function keep(inputs: readonly MergeInput[]): Kept[] {
  let next = 0;
  return inputs.map((input) => {
    const { segment, live } = input;
    const target = new Int32Array(segment.documents).fill(-1);
    const ordinals: number[] = [];
    for (let ordinal = 0; ordinal < segment.documents; ordinal++) {
      if (live && !live.has(ordinal)) continue;
      target[ordinal] = next++;
      ordinals.push(ordinal);
    }
    return { ...input, target, ordinals };
  });
}

function sides(kept: readonly Kept[], terms: string, documents: string, positions?: string): MergeSide[] {
  return kept
    .filter(({ segment }) => segment.directory[terms])
    .map((side) => ({
      dictionary: new Dictionary(partBytes(side, terms)),
      documents: partBytes(side, documents),
      positions: positions === undefined ? undefined : partBytes(side, positions),
      target: side.target,
      whole: side.ordinals.length === side.segment.documents,
    }));
}

function partBytes({ segment, bytes }: { segment: Segment; bytes: Uint8Array }, name: string): Uint8Array {
  const [offset, length] = segment.directory[name] as readonly [number, number];
  return bytes.subarray(offset, offset + length);
}

function fieldLengths(side: Kept, field: string): number[] {
  const name = part.lengths(field);
  if (!side.segment.directory[name]) return side.ordinals.map(() => 0);
  const lengths = decodeLengths(partBytes(side, name));
  return side.ordinals.map((ordinal) => lengths[ordinal] as number);
}

function mergeColumns(kept: readonly Kept[], settings: IndexSettings, field: string): Uint8Array {
  const name = part.column(field);
  if (settings.fields[field]?.type === 'keyword')
    return encodeKeywords(kept.flatMap((side) => keywordRows(side, name)));
  return encodeNumbers(kept.flatMap((side) => numberRows(side, name)));
}

function keywordRows(side: Kept, name: string): string[][] {
  if (!side.segment.directory[name]) return side.ordinals.map(() => []);
  const column = decodeKeywords(partBytes(side, name));
  return side.ordinals.map((ordinal) => [...row(column, ordinal)].map((value) => column.dictionary[value] as string));
}

function numberRows(side: Kept, name: string): number[][] {
  if (!side.segment.directory[name]) return side.ordinals.map(() => []);
  const column = decodeNumbers(partBytes(side, name));
  return side.ordinals.map((ordinal) => [...row(column, ordinal)]);
}

function row({ starts, values }: Column, ordinal: number): Int32Array | Float64Array {
  return values.subarray(starts[ordinal], starts[ordinal + 1]);
}

function isRun(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => number === (numbers[0] as number) + i);
}
