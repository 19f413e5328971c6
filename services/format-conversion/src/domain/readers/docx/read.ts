import type { Context } from '../../context.ts';
import { malformed } from '../../conversion-error.ts';
import { emptyDocument, type Document } from '../../document/document.ts';
import { readCoreProperties } from '../../opc/core-properties.ts';
import { headingShift } from '../../opc/heading-base.ts';
import { OpcPackage } from '../../opc/package.ts';
import { child } from '../../xml/element.ts';
import { readBody } from './body.ts';
import { Counters } from './counters.ts';
import { readNotes } from './notes.ts';
import { Numberings } from './numbering.ts';
import type { Story } from './story.ts';
import { Styles } from './styles.ts';

/** Reads a Word document: WordprocessingML of ECMA-376 part 1, transitional or strict. */
export function readDocx(input: Uint8Array, context: Context): Document {
  const source = new OpcPackage(input, context.limits);
  const part = source.mainPart();
  const root = source.xml(part);
  if (root.name !== 'w:document') throw malformed('The package is not a Word document.');
  const document: Document = { ...emptyDocument(), metadata: readCoreProperties(source) };
  const story: Story = {
    source,
    part,
    context,
    document,
    styles: new Styles(source.relatedXml(part, 'styles')),
    numberings: new Numberings(source.relatedXml(part, 'numbering')),
    counters: new Counters(),
    fields: [],
    readBody,
    headingShift: headingShift(source),
  };
  document.blocks = readBody(child(root, 'w:body'), story);
  readNotes(story);
  if (source.relationships(part).some(({ type }) => type === 'header' || type === 'footer')) {
    context.warnings.add('PAGE_HEADERS_DROPPED', 'Headers and footers repeat on every page and were left out.');
  }
  return document;
}
