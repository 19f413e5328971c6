import type { Document } from './document/document.ts';
import type { Warnings } from './document/warnings.ts';
import type { Limits } from './limits.ts';
import type { Options } from './options.ts';

/** What a reader or writer may use besides the document. */
export interface Context {
  options: Options;
  limits: Limits;
  warnings: Warnings;
}

/**
 * Bytes of one format into the model. Throws `ConversionError` when the bytes break the format's rules and
 * warns about everything that it saw and could not carry over.
 */
export type Reader = (input: Uint8Array, context: Context) => Document | Promise<Document>;

/** The model into bytes of one format. Warns about everything that the format cannot say. */
export type Writer = (document: Document, context: Context) => Uint8Array | Promise<Uint8Array>;
