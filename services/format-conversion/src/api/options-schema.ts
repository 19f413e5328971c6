import { z } from 'zod';
import type { Options } from '../domain/options.ts';

/** The options of a conversion as the API spells them; every one may be left out. */
export const OptionsBody = z
  .strictObject({
    dialect: z.enum(['gfm', 'commonmark']).describe('Markdown to read: GitHub Flavored (default), or CommonMark alone'),
    images: z
      .enum(['placeholder', 'embed', 'omit'])
      .describe('Embedded images in Markdown and JSON; default placeholder'),
    spans: z
      .enum(['repeat', 'blank'])
      .describe('What targets without spans put in the places a cell covers; default repeat'),
    cell_breaks: z
      .enum(['space', 'br'])
      .describe('What stands between paragraphs of a Markdown table cell; default space'),
    standalone: z.boolean().describe('HTML as a whole page; default a fragment'),
    pages: z.string().max(200).describe('Pages, slides or sheets to read, as 1-3,7; default all'),
    delimiter: z.string().length(1).describe('Field separator of a CSV source; default: found out'),
    encoding: z.string().max(40).describe('Character encoding of a text source (IANA name); default: found out'),
    table: z.int().min(1).describe('Which table of the document a CSV target takes; default 1'),
    page_size: z.enum(['a4', 'letter']).describe('Of PDF and DOCX targets; default a4'),
    base_url: z.url().describe('Address that relative links of an HTML source are resolved against'),
  })
  .partial();
export type OptionsBody = z.output<typeof OptionsBody>;

/** The same in the domain's spelling. */
export function optionsOf(body: OptionsBody | undefined): Partial<Options> {
  const { cell_breaks: cellBreaks, page_size: pageSize, base_url: baseUrl, ...same } = body ?? {};
  const renamed = { ...same, cellBreaks, pageSize, baseUrl };
  return Object.fromEntries(Object.entries(renamed).filter(([, value]) => value !== undefined));
}

/** Back into the API's spelling, for keeping with a job. */
export function bodyOfOptions({ cellBreaks, pageSize, baseUrl, ...same }: Partial<Options>): OptionsBody {
  const renamed = { ...same, cell_breaks: cellBreaks, page_size: pageSize, base_url: baseUrl };
  return OptionsBody.parse(Object.fromEntries(Object.entries(renamed).filter(([, value]) => value !== undefined)));
}
