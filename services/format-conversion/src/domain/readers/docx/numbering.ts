import { child, childrenNamed, type XmlElement } from '../../xml/element.ts';

export interface Level {
  start: number;
  /** `decimal`, `bullet`, `lowerLetter`, `none`, … (ECMA-376 part 1, section 17.18.59). */
  format: string;
  /** `%1.%2` stands for the numbers of levels 1 and 2. */
  text: string;
  /** Paragraph style that carries this level, if any. */
  style: string | undefined;
  /** Letters and roman numbers of higher levels show as digits. */
  legal: boolean;
}

export interface Numbering {
  /** Instances of one abstract numbering count together. */
  abstractId: string;
  levels: ReadonlyMap<number, Level>;
  /** Levels that this instance starts anew. */
  overrides: ReadonlyMap<number, number>;
}

/** The numbering part (ECMA-376 part 1, section 17.9). */
export class Numberings {
  readonly #byId = new Map<string, Numbering>();

  constructor(root: XmlElement | undefined) {
    const abstracts = childrenNamed(root, 'w:abstractNum');
    const byId = new Map(abstracts.map((element) => [element.attributes['w:abstractNumId'] ?? '', element]));
    const byStyle = new Map(abstracts.map((element) => [valueOf(element, 'w:styleLink'), element]));
    for (const instance of childrenNamed(root, 'w:num')) {
      const abstractId = valueOf(instance, 'w:abstractNumId') ?? '';
      const named = byId.get(abstractId);
      const link = named && valueOf(named, 'w:numStyleLink');
      const abstract = (link === undefined ? undefined : byStyle.get(link)) ?? named;
      this.#byId.set(instance.attributes['w:numId'] ?? '', numberingOf(instance, abstract, abstractId));
    }
  }

  get(id: string): Numbering | undefined {
    return this.#byId.get(id);
  }
}

function numberingOf(instance: XmlElement, abstract: XmlElement | undefined, abstractId: string): Numbering {
  const overrideElements = childrenNamed(instance, 'w:lvlOverride');
  const levels = new Map(childrenNamed(abstract, 'w:lvl').map((element) => [levelIndex(element), levelOf(element)]));
  const overrides = new Map<number, number>();
  for (const element of overrideElements) {
    const own = child(element, 'w:lvl');
    if (own) levels.set(levelIndex(element), levelOf(own));
    const start = valueOf(element, 'w:startOverride');
    if (start !== undefined) overrides.set(levelIndex(element), Number(start));
  }
  return { abstractId: abstract?.attributes['w:abstractNumId'] ?? abstractId, levels, overrides };
}

function levelIndex(element: XmlElement): number {
  return Number(element.attributes['w:ilvl'] ?? 0);
}

function levelOf(element: XmlElement): Level {
  const legal = child(element, 'w:isLgl');
  return {
    start: Number(valueOf(element, 'w:start') ?? 1),
    format: valueOf(element, 'w:numFmt') ?? 'decimal',
    text: valueOf(element, 'w:lvlText') ?? '',
    style: valueOf(element, 'w:pStyle'),
    legal: legal !== undefined && legal.attributes['w:val'] !== '0',
  };
}

function valueOf(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.attributes['w:val'];
}
