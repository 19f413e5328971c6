import type { Block } from '../../document/block.ts';
import type { Context } from '../../context.ts';
import type { Document } from '../../document/document.ts';
import type { OpcPackage } from '../../opc/package.ts';
import type { XmlElement } from '../../xml/element.ts';
import type { Counters } from './counters.ts';
import type { Field } from './fields.ts';
import type { Numberings } from './numbering.ts';
import type { Styles } from './styles.ts';

/** What reading one part (body, footnotes, …) shares. */
export interface Story {
  source: OpcPackage;
  /** Name of the part, against which relationship ids are looked up. */
  part: string;
  context: Context;
  styles: Styles;
  numberings: Numberings;
  counters: Counters;
  document: Document;
  /** Complex fields that are open; they may span paragraphs. */
  fields: Field[];
  /** Added to the level of `Heading 1`: 1 by default, because level 1 is that of the title. */
  headingShift: number;
  /** Reads the blocks of a body, cell, note or text box; handed down because reading is recursive. */
  readBody: (parent: XmlElement | undefined, story: Story) => Block[];
}
