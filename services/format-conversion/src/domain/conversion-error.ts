/** Why a document cannot be converted; each code names a fault of the input, never of the service. */
export type ConversionCode =
  /** Nothing we know how to read. */
  | 'CONVERT_FORMAT_UNKNOWN'
  /** Both formats are known, the way between them is not. */
  | 'CONVERT_PAIR_UNSUPPORTED'
  /** The bytes break the rules of their own format: truncated, corrupt, not what they claim. */
  | 'CONVERT_DOCUMENT_MALFORMED'
  /** A password is needed. */
  | 'CONVERT_DOCUMENT_ENCRYPTED'
  /** Too many bytes, pages, cells or levels; also archives that inflate without measure. */
  | 'CONVERT_DOCUMENT_TOO_LARGE'
  /** The content has nothing that the target can hold (CSV of a text without tables). */
  | 'CONVERT_NOTHING_TO_WRITE';

/** A fault of the document, with a detail that tells its sender what to mend. */
export class ConversionError extends Error {
  readonly code: ConversionCode;
  override readonly name = 'ConversionError';

  constructor(code: ConversionCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}

export function malformed(detail: string, cause?: unknown): ConversionError {
  return new ConversionError('CONVERT_DOCUMENT_MALFORMED', detail, cause === undefined ? {} : { cause });
}

export function tooLarge(detail: string): ConversionError {
  return new ConversionError('CONVERT_DOCUMENT_TOO_LARGE', detail);
}
