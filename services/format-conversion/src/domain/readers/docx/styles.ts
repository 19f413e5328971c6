import { child, childrenNamed, type XmlElement } from '../../xml/element.ts';

export interface Style {
  id: string;
  /** Lower-case; built-in styles keep their English name whatever the language of the editor. */
  name: string;
  basedOn: string | undefined;
  /** Paragraph and run properties that the style sets. */
  paragraph: XmlElement | undefined;
  run: XmlElement | undefined;
}

/** The styles part (ECMA-376 part 1, section 17.7): named properties that inherit from one another. */
export class Styles {
  readonly #byId = new Map<string, Style>();
  readonly #defaultParagraph: string | undefined;
  readonly #defaultRun: XmlElement | undefined;

  constructor(root: XmlElement | undefined) {
    for (const element of childrenNamed(root, 'w:style')) {
      const id = element.attributes['w:styleId'] ?? '';
      this.#byId.set(id, {
        id,
        name: (child(element, 'w:name')?.attributes['w:val'] ?? id).toLowerCase(),
        basedOn: child(element, 'w:basedOn')?.attributes['w:val'],
        paragraph: child(element, 'w:pPr'),
        run: child(element, 'w:rPr'),
      });
      const isDefault =
        element.attributes['w:type'] === 'paragraph' && /^(1|true|on)$/.test(element.attributes['w:default'] ?? '');
      if (isDefault) this.#defaultParagraph = id;
    }
    this.#defaultRun = child(root, 'w:docDefaults', 'w:rPrDefault', 'w:rPr');
  }

  /** The style and those it is based on, nearest first. Without id: the default paragraph style. */
  chain(id: string | undefined): Style[] {
    const chain: Style[] = [];
    let current = this.#byId.get(id ?? this.#defaultParagraph ?? '');
    while (current && !chain.includes(current)) {
      chain.push(current);
      current = current.basedOn === undefined ? undefined : this.#byId.get(current.basedOn);
    }
    return chain;
  }

  /** Run properties that hold where neither a style nor the run says otherwise. */
  defaultRun(): XmlElement | undefined {
    return this.#defaultRun;
  }
}

/** The first value of a property along the chain. */
export function inherited(sources: readonly (XmlElement | undefined)[], name: string): XmlElement | undefined {
  for (const source of sources) {
    const found = child(source, name);
    if (found) return found;
  }
  return undefined;
}

/** A toggle property (ECMA-376 part 1, section 17.7.3): present means on, unless it says off. */
export function isOn(property: XmlElement | undefined): boolean {
  return property !== undefined && !/^(0|false|off|none)$/i.test(property.attributes['w:val'] ?? '1');
}
