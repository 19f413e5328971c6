/** What a few lines over well-known packages give: the yardstick that the service must beat. */
import mammoth from 'mammoth';
import Papa from 'papaparse';
import TurndownService from 'turndown';
import { gfm } from 'turndown-plugin-gfm';
import { extractText, getDocumentProxy } from 'unpdf';

type Baseline = (input: Uint8Array) => Promise<string>;

function turndown(html: string): string {
  const service = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' });
  service.use(gfm);
  return service.remove(['script', 'style', 'title']).turndown(html);
}

export const baselines: Readonly<Record<'docx' | 'html' | 'csv' | 'pdf', Baseline>> = {
  /** mammoth and turndown with its GFM plugin. */
  docx: async (input) => turndown((await mammoth.convertToHtml({ buffer: Buffer.from(input) })).value),
  /** turndown with its GFM plugin. */
  html: async (input) => turndown(Buffer.from(input).toString()),
  /** papaparse with its own delimiter guess. */
  csv: async (input) => {
    const [header = [], ...rows] = Papa.parse<string[]>(Buffer.from(input).toString(), { skipEmptyLines: true }).data;
    return [header, header.map(() => '-'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
  },
  /** The text layer of pdf.js, page after page. */
  pdf: async (input) => (await extractText(await getDocumentProxy(new Uint8Array(input)))).text.join('\n\n'),
};
