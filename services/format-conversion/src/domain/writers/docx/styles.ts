import type { ICharacterStyleOptions, IParagraphStyleOptions, IStylesOptions } from 'docx';

const MONOSPACED = 'Courier New';

/** Styles that Word knows by these names in every language, and those that other converters use for code. */
const paragraphStyles: readonly IParagraphStyleOptions[] = [
  {
    id: 'Quote',
    name: 'Quote',
    basedOn: 'Normal',
    next: 'Normal',
    run: { italics: true, color: '404040' },
    paragraph: { indent: { left: 720, right: 720 } },
  },
  { id: 'Caption', name: 'caption', basedOn: 'Normal', next: 'Normal', run: { italics: true, size: 18 } },
  { id: 'TableHeader', name: 'Table Header', basedOn: 'Normal', run: { bold: true }, paragraph: { keepNext: true } },
  {
    id: 'SourceCode',
    name: 'Source Code',
    basedOn: 'Normal',
    run: { font: MONOSPACED, size: 18 },
    paragraph: { spacing: { after: 0, line: 240 } },
  },
  ...[1, 2, 3, 4, 5].map((depth) => ({
    id: depth === 1 ? 'ListContinue' : `ListContinue${depth}`,
    name: depth === 1 ? 'List Continue' : `List Continue ${depth}`,
    basedOn: 'Normal',
    paragraph: { indent: { left: 360 * (depth + 1) } },
  })),
];

const characterStyles: readonly ICharacterStyleOptions[] = [
  { id: 'VerbatimChar', name: 'Verbatim Char', run: { font: MONOSPACED, size: 20 } },
];

/** Half points and twentieths of points, as WordprocessingML counts. */
export const styles: IStylesOptions = {
  default: {
    document: { run: { font: 'Calibri', size: 22 }, paragraph: { spacing: { after: 120 } } },
    title: { run: { size: 44, bold: true }, paragraph: { spacing: { after: 240 } } },
    heading1: { run: { size: 32, bold: true }, paragraph: { spacing: { before: 240, after: 120 } } },
    heading2: { run: { size: 28, bold: true }, paragraph: { spacing: { before: 200, after: 100 } } },
    heading3: { run: { size: 25, bold: true }, paragraph: { spacing: { before: 160, after: 80 } } },
    heading4: { run: { size: 23, bold: true }, paragraph: { spacing: { before: 140, after: 80 } } },
    heading5: { run: { size: 22, bold: true, italics: true }, paragraph: { spacing: { before: 120, after: 60 } } },
    heading6: { run: { size: 22, italics: true }, paragraph: { spacing: { before: 120, after: 60 } } },
  },
  paragraphStyles,
  characterStyles,
};
