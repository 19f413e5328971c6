/** Character formatting that survives between formats. Everything else (fonts, colours) is presentation and is dropped. */
export type Mark = 'strong' | 'emphasis' | 'strike' | 'underline' | 'superscript' | 'subscript';

/** Where an image's pixels are: outside the document, in its assets, or nowhere that can be reached. */
export type ImageSource =
  { kind: 'url'; url: string } | { kind: 'asset'; assetId: string } | { kind: 'unavailable'; reason: string };

export interface Image {
  type: 'image';
  source: ImageSource;
  /** Alternative text; empty when the document gives none. */
  alt: string;
  title?: string;
}

/** What a paragraph, heading or simple cell holds. A tree, because marks and links nest. */
export type Inline =
  | { type: 'text'; text: string }
  | { type: 'mark'; mark: Mark; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'link'; url: string; title?: string; children: Inline[] }
  | Image
  /** A line break that is part of the content. */
  | { type: 'break' }
  /** A line end of the source without meaning; a writer may render it as a space. */
  | { type: 'soft-break' }
  /** LaTeX source without delimiters. */
  | { type: 'math'; tex: string }
  | { type: 'footnote'; id: string }
  | { type: 'raw-html'; html: string };

export function text(value: string): Inline {
  return { type: 'text', text: value };
}

export function marked(mark: Mark, children: Inline[]): Inline {
  return { type: 'mark', mark, children };
}
