import { cell, paragraph, type Block, type Table } from '../../../document/block.ts';
import type { Inline } from '../../../document/inline.ts';
import type { PlacedTable } from '../tables/placed-table.ts';
import type { BodyStyle } from './body-style.ts';
import type { Group, GroupedElement } from './groups.ts';
import { headingLevels, isHeading } from './headings.ts';
import { joinLines, type Vocabulary } from './join-lines.ts';
import { ListNesting } from './lists.ts';

/** Turns what stands on all pages into blocks of the model. */
export function blocksOf(elements: readonly GroupedElement[], body: BodyStyle, vocabulary: Vocabulary): Block[] {
  const headings = findHeadings(elements, body);
  const levelOf = headingLevels([...headings]);
  const blocks: Block[] = [];
  let lists = new ListNesting(blocks);
  for (const element of elements) {
    if (element.kind === 'group' && element.marker && !headings.has(element)) {
      lists.add(element, itemText(element, vocabulary));
      continue;
    }
    const block =
      element.kind === 'group'
        ? textBlock(element, { levelOf, vocabulary, isHeading: headings.has(element) })
        : otherBlock(element, vocabulary);
    // A picture between the items of a list does not end it.
    if (element.kind !== 'image') lists = new ListNesting(blocks);
    blocks.push({ ...block, origin: { page: element.page } });
  }
  return blocks;
}

/** Numbered lines count too, unless the next one is numbered in the same setting: then they are a list. */
function findHeadings(elements: readonly GroupedElement[], body: BodyStyle): ReadonlySet<Group> {
  const groups = elements.filter((element) => element.kind === 'group');
  const isListed = (one: Group | undefined, other: Group | undefined): boolean =>
    one?.marker !== undefined && other?.marker !== undefined && one.bold === other.bold && one.size === other.size;
  return new Set(
    groups.filter((group, index) => {
      const item =
        group.marker &&
        (!group.marker.ordered || [groups[index - 1], groups[index + 1]].some((next) => isListed(group, next)));
      return !item && isHeading(group, body);
    }),
  );
}

interface TextOptions {
  levelOf: (group: Group) => number;
  vocabulary: Vocabulary;
  isHeading: boolean;
}

function textBlock(group: Group, { levelOf, vocabulary, isHeading: heading }: TextOptions): Block {
  if (group.monospaced) return { type: 'code', language: '', text: codeText(group) };
  const children = joinLines(group.lines, { vocabulary, ignore: heading ? ['strong', 'emphasis'] : [] });
  return heading ? { type: 'heading', level: levelOf(group), children } : paragraph(children);
}

function otherBlock(element: Exclude<GroupedElement, Group>, vocabulary: Vocabulary): Block {
  if (element.kind === 'table') return tableBlock(element, vocabulary);
  return paragraph([
    { type: 'image', source: { kind: 'unavailable', reason: 'pictures of PDFs are not extracted' }, alt: '' },
  ]);
}

/** Indentation in points as spaces of the typewriter face, which are 0.6 of the size wide. */
function codeText({ lines, size }: Group): string {
  const left = Math.min(...lines.map((line) => line.left));
  return lines.map((line) => `${' '.repeat(Math.round((line.left - left) / (0.6 * size)))}${line.text}\n`).join('');
}

/** The item's text without its marker. */
function itemText({ lines, marker }: Group, vocabulary: Vocabulary): Inline[] {
  let rest = marker?.length ?? 0;
  const [first, ...others] = lines;
  if (!first) return [];
  const runs = first.runs.map((run) => {
    const cut = Math.min(rest, run.text.length);
    rest -= cut;
    return { ...run, text: run.text.slice(cut) };
  });
  return joinLines([{ ...first, runs: runs.filter((run) => run.text !== '') }, ...others], { vocabulary, ignore: [] });
}

function tableBlock(table: PlacedTable, vocabulary: Vocabulary): Table {
  const rows = table.rows.map((row, index) => ({
    cells: row.map(({ lines, colspan, rowspan }) => {
      const children = joinLines(lines, { vocabulary, ignore: index === 0 ? ['strong'] : [] });
      return { ...cell(children.length > 0 ? [paragraph(children)] : [], index === 0), colspan, rowspan };
    }),
  }));
  return { type: 'table', caption: [], rows, headerRows: 1, alignments: [] };
}
