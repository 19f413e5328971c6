import type { Context } from '../../context.ts';
import type { Document } from '../../document/document.ts';

/** What the rendering functions share for one document. */
export interface Rendering {
  context: Context;
  document: Document;
  /** Table cells and headings cannot hold line ends. */
  singleLine: boolean;
  /** What a hard break becomes where line ends are impossible. */
  breakText: string;
}

/** The same rendering for a place that must stay on one line. */
export function onOneLine(rendering: Rendering, breakText = ' '): Rendering {
  return { ...rendering, singleLine: true, breakText };
}
