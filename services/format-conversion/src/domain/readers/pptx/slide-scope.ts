import type { Context } from '../../context.ts';
import type { Document } from '../../document/document.ts';
import type { OpcPackage } from '../../opc/package.ts';

/** What reading one slide shares. */
export interface SlideScope {
  source: OpcPackage;
  /** The slide's part, against which relationship ids are looked up. */
  part: string;
  context: Context;
  document: Document;
  number: number;
}
