import type { Block } from '../../document/block.ts';
import { child, elements, type XmlElement } from '../../xml/element.ts';
import { chosenAlternative } from './alternatives.ts';
import { assemble, type Item } from './items.ts';
import { readParagraph } from './paragraph.ts';
import type { Story } from './story.ts';
import { readTable } from './tables.ts';

/** Blocks of a body, cell, note or text box. */
export function readBody(parent: XmlElement | undefined, story: Story): Block[] {
  return assemble(readItems(parent, story));
}

/** Block-level elements (ECMA-376 part 1, section 17.2.2); containers that only mark a range are transparent. */
function readItems(parent: XmlElement | undefined, story: Story): Item[] {
  return elements(parent).flatMap((element): Item[] => {
    switch (element.name) {
      case 'w:p':
        return readParagraph(element, story);
      case 'w:tbl':
        return readTable(element, story).map((block) => ({ kind: 'block', block }));
      case 'w:sdt':
        return readItems(child(element, 'w:sdtContent'), story);
      case 'w:customXml':
      case 'w:ins':
      case 'w:moveTo':
        return readItems(element, story);
      case 'mc:AlternateContent':
        return readItems(chosenAlternative(element), story);
      case 'w:altChunk':
        story.context.warnings.add(
          'EMBEDDED_DOCUMENT_DROPPED',
          'A document of another format is embedded in this one and was left out.',
        );
        return [];
      default:
        return [];
    }
  });
}
