import type { Context } from '../../context.ts';
import { malformed, tooLarge } from '../../conversion-error.ts';
import type { Block } from '../../document/block.ts';
import { emptyDocument, type Document } from '../../document/document.ts';
import { text } from '../../document/inline.ts';
import { readCoreProperties } from '../../opc/core-properties.ts';
import { OpcPackage } from '../../opc/package.ts';
import { child, childrenNamed, type XmlElement } from '../../xml/element.ts';
import { pageRange } from '../page-range.ts';
import { islandsOf } from './islands.ts';
import { numberKinds } from './number-format.ts';
import { readSheet, stringText, type WorkbookFacts } from './sheet.ts';
import { blockOf } from './table.ts';

/** Reads an Excel workbook (SpreadsheetML, ECMA-376 part 1, section 18): the tables of each visible sheet. */
export function readXlsx(input: Uint8Array, context: Context): Document {
  const source = new OpcPackage(input, context.limits);
  const part = source.mainPart();
  const root = source.xml(part);
  if (root.name !== 'x:workbook') throw malformed('The package is not an Excel workbook.');
  const facts = factsOf(source, part, root, context);
  const visible = visibleSheets(root, context);
  if (visible.length > context.limits.pages)
    throw tooLarge(`The workbook has more than ${context.limits.pages} sheets.`);
  const blocks = pageRange(context.options.pages, visible.length).flatMap((number) => {
    const sheet = visible[number - 1];
    return sheet ? sheetBlocks(source, part, sheet, { facts, number, named: visible.length > 1 }) : [];
  });
  return { ...emptyDocument(), metadata: readCoreProperties(source), blocks };
}

function factsOf(source: OpcPackage, part: string, root: XmlElement, { limits }: Context): WorkbookFacts {
  const styles = source.relatedXml(part, 'styles');
  return {
    sharedStrings: childrenNamed(source.relatedXml(part, 'sharedStrings'), 'x:si').map(stringText),
    kinds: numberKinds(styles),
    date1904: /^(1|true)$/.test(child(root, 'x:workbookPr')?.attributes['date1904'] ?? ''),
    limits,
  };
}

function visibleSheets(root: XmlElement, { warnings }: Context): XmlElement[] {
  const sheets = childrenNamed(child(root, 'x:sheets'), 'x:sheet');
  const visible = sheets.filter(({ attributes }) => !/^(hidden|veryHidden)$/.test(attributes['state'] ?? ''));
  if (visible.length < sheets.length) warnings.add('HIDDEN_SHEETS_DROPPED', 'Hidden sheets were left out.');
  return visible;
}

interface SheetPlace {
  facts: WorkbookFacts;
  number: number;
  /** Whether the sheet's name is shown, because there are several. */
  named: boolean;
}

function sheetBlocks(
  source: OpcPackage,
  part: string,
  sheet: XmlElement,
  { facts, number, named }: SheetPlace,
): Block[] {
  const relationship = source.relationship(part, sheet.attributes['r:id'] ?? '');
  if (!relationship || relationship.type !== 'worksheet') return [];
  const cells = readSheet(
    source.xml(relationship.target),
    facts,
    (id) => source.relationship(relationship.target, id)?.target,
  );
  const tables = islandsOf(cells).map((island) => blockOf(island, facts.limits));
  const heading: Block[] = named
    ? [{ type: 'heading', level: 2, children: [text(sheet.attributes['name'] ?? '')] }]
    : [];
  return [...heading, ...tables].map((block) => ({ ...block, origin: { page: number } }));
}
