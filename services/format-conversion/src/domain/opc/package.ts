import { Archive } from '../archive/archive.ts';
import { ConversionError, malformed } from '../conversion-error.ts';
import type { Limits } from '../limits.ts';
import { childrenNamed, type XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse.ts';
import { resolvePart } from './part-name.ts';

export interface Relationship {
  id: string;
  /** Last segment of the type URI (`image`, `styles`): transitional and strict types differ only before it. */
  type: string;
  /** A part name, or an address outside the package. */
  target: string;
  external: boolean;
}

/** An Office package (Open Packaging Conventions, ECMA-376 part 2): parts, and the relationships between them. */
export class OpcPackage {
  readonly #archive: Archive;
  readonly #limits: Limits;
  readonly #relationships = new Map<string, readonly Relationship[]>();

  constructor(input: Uint8Array, limits: Limits) {
    this.#archive = openArchive(input, limits);
    this.#limits = limits;
  }

  /** The part that the package is about. */
  mainPart(): string {
    const main = this.relationships('').find(({ type }) => type === 'officeDocument');
    if (!main) throw malformed('The package names no main document part.');
    return main.target;
  }

  /** Relationships of a part; of the package itself for the empty name. */
  relationships(part: string): readonly Relationship[] {
    const known = this.#relationships.get(part);
    if (known) return known;
    const slash = part.lastIndexOf('/') + 1;
    const bytes = this.#archive.read(`${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`);
    const read = bytes
      ? childrenNamed(parseXml(bytes, `relationships of "${part}"`, this.#limits), 'pr:Relationship')
      : [];
    const relationships = read.map((element) => relationshipOf(element, part));
    this.#relationships.set(part, relationships);
    return relationships;
  }

  related(part: string, type: string): Relationship | undefined {
    return this.relationships(part).find((relationship) => relationship.type === type);
  }

  relationship(part: string, id: string): Relationship | undefined {
    return this.relationships(part).find((relationship) => relationship.id === id);
  }

  has(part: string): boolean {
    return this.#archive.has(part);
  }

  bytes(part: string): Uint8Array | undefined {
    return this.#archive.read(part);
  }

  /** The root element of an XML part that must exist. */
  xml(part: string): XmlElement {
    return parseXml(this.#archive.require(part), part, this.#limits);
  }

  /** The root element of the part that a relationship of that type leads to, if there is one. */
  relatedXml(part: string, type: string): XmlElement | undefined {
    const relationship = this.related(part, type);
    return relationship && !relationship.external && this.has(relationship.target)
      ? this.xml(relationship.target)
      : undefined;
  }
}

/** Password-protected Office files are OLE compound files (MS-OFFCRYPTO), as are those of Office 97 to 2003. */
function openArchive(input: Uint8Array, limits: Limits): Archive {
  const magic = Buffer.from(input.subarray(0, 8)).toString('hex');
  if (magic !== 'd0cf11e0a1b11ae1') return new Archive(input, limits);
  if (Buffer.from(input).includes(Buffer.from('EncryptedPackage', 'utf16le'))) {
    throw new ConversionError(
      'CONVERT_DOCUMENT_ENCRYPTED',
      'The document is protected by a password; send it without one.',
    );
  }
  throw new ConversionError(
    'CONVERT_FORMAT_UNKNOWN',
    'This is a document of Office 97 to 2003; save it in the current format first.',
  );
}

function relationshipOf({ attributes }: XmlElement, part: string): Relationship {
  const external = attributes['TargetMode'] === 'External';
  const target = attributes['Target'] ?? '';
  return {
    id: attributes['Id'] ?? '',
    type: (attributes['Type'] ?? '').replace(/^.*\//, ''),
    target: external ? target : resolvePart(part, target),
    external,
  };
}
