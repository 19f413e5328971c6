import { getDocumentProxy } from 'unpdf';
import { ConversionError, malformed } from '../../conversion-error.ts';
import type { PdfDocument } from './page/extract.ts';

/** Pictures with more pixels are not decoded: they are scans, and only their place matters here. */
const MAX_IMAGE_PIXELS = 4_000_000;

/** Opens a PDF, or says in words why it cannot be read. */
export async function openPdf(input: Uint8Array): Promise<PdfDocument> {
  const settings = { verbosity: 0, maxImageSize: MAX_IMAGE_PIXELS, isEvalSupported: false, disableFontFace: true };
  try {
    // pdf.js takes ownership of the buffer it is given.
    return await getDocumentProxy(new Uint8Array(input), settings);
  } catch (error) {
    throw reasonOf(error);
  }
}

function reasonOf(error: unknown): ConversionError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'PasswordException') {
    return new ConversionError(
      'CONVERT_DOCUMENT_ENCRYPTED',
      'The PDF is protected by a password; send it without one.',
    );
  }
  return malformed(`The PDF cannot be read: ${message}`, error);
}
