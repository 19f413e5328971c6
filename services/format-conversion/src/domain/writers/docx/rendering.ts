import type { ILevelsOptions } from 'docx';
import type { Context } from '../../context.ts';
import type { Document } from '../../document/document.ts';

export interface NumberingDefinition {
  reference: string;
  levels: ILevelsOptions[];
}

/** What the rendering functions share for one document. */
export interface Rendering {
  context: Context;
  document: Document;
  /** One numbering a list, so that each counts for itself. */
  numbering: NumberingDefinition[];
  /** Identifiers of the notes in order of first reference; their numbers in the file follow from it. */
  notes: string[];
  /** Subtracted from heading levels to get those of Word's styles: 1 where level 1 is the title. */
  headingShift: number;
  /** Text width of the page in pixels (96 to the inch); wider pictures are scaled down. */
  widthPixels: number;
}
