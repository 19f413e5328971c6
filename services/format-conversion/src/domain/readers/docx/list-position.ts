import type { NumberStyle } from '../../document/block.ts';
import type { XmlElement } from '../../xml/element.ts';
import type { Entry } from '../../document/list-builder.ts';
import type { Level, Numbering } from './numbering.ts';
import { numberingOf } from './paragraph-role.ts';
import type { Story } from './story.ts';
import type { Style } from './styles.ts';

/** Where a numbered or bulleted paragraph stands. */
export interface ListPosition extends Omit<Entry, 'blocks' | 'checked'> {
  /** The number as an editor shows it; empty for bullets. */
  fullLabel: string;
}

const STYLES: Readonly<Record<string, NumberStyle>> = {
  lowerLetter: 'lower-alpha',
  upperLetter: 'upper-alpha',
  lowerRoman: 'lower-roman',
  upperRoman: 'upper-roman',
};

/** Counts the paragraph if it is numbered. Must be called once a paragraph, in document order. */
export function listPosition(
  properties: XmlElement | undefined,
  chain: readonly Style[],
  story: Story,
): ListPosition | undefined {
  const found = numberingOf(properties, chain);
  const numbering = found && story.numberings.get(found.id);
  if (!found || !numbering) return undefined;
  const index = found.level ?? levelOfStyle(numbering, found.styles);
  const level = numbering.levels.get(index) ?? PLAIN;
  if (level.format === 'none') return undefined;
  if (level.format === 'bullet') return { level: index, ordered: false, style: 'decimal', number: 1, fullLabel: '' };
  const number = story.counters.next(found.id, numbering, index);
  const fullLabel = story.counters.label(numbering, level).trim();
  return {
    level: index,
    ordered: true,
    style: STYLES[level.format] ?? 'decimal',
    number,
    fullLabel,
    label: isSimple(level, index) ? undefined : fullLabel,
  };
}

const PLAIN: Level = { start: 1, format: 'decimal', text: '', style: undefined, legal: false };

function levelOfStyle(numbering: Numbering, styles: readonly string[]): number {
  const found = [...numbering.levels].find(([, level]) => level.style !== undefined && styles.includes(level.style));
  return found?.[0] ?? 0;
}

/** Whether the label is only the number of this level with some punctuation: then the list itself expresses it. */
function isSimple({ text }: Level, index: number): boolean {
  return text === '' || new RegExp(`^[(\\[]?%${index + 1}[.)\\]:]*$`).test(text.trim());
}
