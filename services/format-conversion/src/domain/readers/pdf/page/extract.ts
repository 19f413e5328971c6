import { getResolvedPDFJS, type getDocumentProxy } from 'unpdf';
import type { FontFacts } from './face.ts';
import type { PageContent } from './content.ts';
import { Interpreter, type Arguments } from './interpreter.ts';
import { markLinks, type Annotation } from './links.ts';
import { matrixOf } from './matrix.ts';

export type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;
export type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>;

/** Glyphs, lines and pictures of one page, upright whatever its rotation. */
export async function extractPage(page: PdfPage): Promise<PageContent> {
  const names = await operatorNames();
  const viewport = page.getViewport({ scale: 1 });
  const base = matrixOf(viewport.transform);
  const [operators, annotations] = await Promise.all([page.getOperatorList(), page.getAnnotations()]);
  const interpreter = new Interpreter(base, (name) => fontFacts(page, name));
  operators.fnArray.forEach((number, index) => {
    interpreter.run(names.get(number) ?? '', operators.argsArray[index] as Arguments);
  });
  const content = interpreter.content(viewport.width, viewport.height);
  markLinks(content.glyphs, annotations as Annotation[], base);
  return content;
}

/** Names of pdf.js's operators by number. */
async function operatorNames(): Promise<ReadonlyMap<number, string>> {
  const { OPS } = await getResolvedPDFJS();
  return new Map(Object.entries(OPS).map(([name, number]) => [number, name]));
}

function fontFacts(page: PdfPage, name: string): FontFacts | undefined {
  return page.commonObjs.has(name) ? (page.commonObjs.get(name) as FontFacts) : undefined;
}
