import { SaxesParser } from 'saxes';
import { ConversionError, malformed, tooLarge } from '../conversion-error.ts';
import { decodeXmlText } from './decode.ts';
import type { XmlElement } from './element.ts';
import type { Limits } from '../limits.ts';
import { shortName } from './namespaces.ts';

/**
 * Parses one XML part into a tree.
 *
 * A document type declaration is refused: OPC packages must not carry one (ECMA-376 part 2, section 8.1.4),
 * and it is the door to entity expansion and external entities.
 */
export function parseXml(input: Uint8Array, part: string, limits: Limits): XmlElement {
  const builder = new TreeBuilder(part, limits);
  const parser = new SaxesParser({ xmlns: true, position: true });
  parser.on('doctype', () => {
    throw new ConversionError(
      'CONVERT_DOCUMENT_MALFORMED',
      `"${part}" contains a document type declaration, which this format forbids.`,
    );
  });
  parser.on('opentag', (tag) => builder.open(shortName(tag.uri, tag.local), readAttributes(tag.attributes)));
  parser.on('closetag', () => builder.close());
  parser.on('text', (text) => builder.text(text));
  parser.on('cdata', (text) => builder.text(text));
  parser.on('error', (error) => {
    throw malformed(`"${part}" is not well-formed XML: ${error.message}`);
  });
  parser.write(decodeXmlText(input)).close();
  return builder.root();
}

function readAttributes(
  attributes: Record<string, { uri: string; local: string; value: string }>,
): Record<string, string> {
  const read: Record<string, string> = {};
  for (const { uri, local, value } of Object.values(attributes)) {
    if (uri !== 'http://www.w3.org/2000/xmlns/') read[shortName(uri, local)] = value;
  }
  return read;
}

class TreeBuilder {
  readonly #part: string;
  readonly #limits: Limits;
  readonly #stack: XmlElement[] = [{ name: '', attributes: {}, children: [] }];
  #count = 0;

  constructor(part: string, limits: Limits) {
    this.#part = part;
    this.#limits = limits;
  }

  open(name: string, attributes: Record<string, string>): void {
    this.#count += 1;
    if (this.#count > this.#limits.elements)
      throw tooLarge(`"${this.#part}" has more than ${this.#limits.elements} elements.`);
    if (this.#stack.length > this.#limits.depth) {
      throw tooLarge(`"${this.#part}" nests its elements deeper than ${this.#limits.depth} levels.`);
    }
    const element: XmlElement = { name, attributes, children: [] };
    this.#stack.at(-1)?.children.push(element);
    this.#stack.push(element);
  }

  close(): void {
    this.#stack.pop();
  }

  text(value: string): void {
    this.#stack.at(-1)?.children.push(value);
  }

  root(): XmlElement {
    const root = this.#stack[0]?.children.find((node) => typeof node !== 'string');
    if (!root) throw malformed(`"${this.#part}" has no root element.`);
    return root;
  }
}
