import chardet from 'chardet';
import iconv from 'iconv-lite';
import { ConversionError } from '../conversion-error.ts';
import type { Warnings } from '../document/warnings.ts';

/** How sure the finding is: declared by the bytes themselves, proven by decoding, or guessed from statistics. */
export type EncodingCertainty = 'byte-order-mark' | 'valid' | 'guessed';

export interface EncodingFinding {
  /** Lower-case IANA name. */
  encoding: string;
  certainty: EncodingCertainty;
}

const SAMPLE_BYTES = 64 * 1024;

/** Finds the character encoding of a text. UTF-8 is tried strictly first: other encodings almost never pass as it. */
export function detectEncoding(input: Uint8Array): EncodingFinding {
  const marked = byteOrderMark(input);
  if (marked) return { encoding: marked, certainty: 'byte-order-mark' };
  const sixteen = utf16WithoutMark(input);
  if (sixteen) return { encoding: sixteen, certainty: 'guessed' };
  if (isUtf8(input)) return { encoding: 'utf-8', certainty: 'valid' };
  const guess = (chardet.detect(input.subarray(0, SAMPLE_BYTES)) ?? '').toLowerCase();
  const usable = guess !== '' && guess !== 'utf-8' && iconv.encodingExists(guess);
  return { encoding: usable ? guess : 'windows-1252', certainty: 'guessed' };
}

/**
 * The characters of a text in the given or found encoding, without byte order mark. Throws when the caller
 * names an encoding that does not exist; warns when the encoding was only guessed or bytes did not fit.
 */
export function decodeText(input: Uint8Array, options: { encoding: string; warnings: Warnings }): string {
  const { encoding, certainty } = options.encoding === '' ? detectEncoding(input) : named(options.encoding);
  if (certainty === 'guessed') {
    options.warnings.add(
      'ENCODING_GUESSED',
      `The text is not UTF-8 and names no encoding; it was read as ${encoding}.`,
    );
  }
  const decoded = iconv.decode(input, encoding);
  if (decoded.includes('\uFFFD')) {
    options.warnings.add('ENCODING_INVALID_BYTES', 'Some bytes do not fit the encoding; U+FFFD stands in their place.');
  }
  return decoded;
}

function named(encoding: string): EncodingFinding {
  const name = encoding.toLowerCase();
  if (!iconv.encodingExists(name)) {
    throw new ConversionError('CONVERT_DOCUMENT_MALFORMED', `The encoding "${encoding}" is not known.`);
  }
  return { encoding: name, certainty: 'valid' };
}

function byteOrderMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return undefined;
}

/** Text in UTF-16 that is mostly ASCII has a zero in every other byte. */
function utf16WithoutMark(input: Uint8Array): string | undefined {
  const sample = input.subarray(0, 512);
  if (sample.byteLength < 4) return undefined;
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const half = sample.byteLength / 2;
  if (odd > half * 0.4 && even < half * 0.05) return 'utf-16le';
  if (even > half * 0.4 && odd < half * 0.05) return 'utf-16be';
  return undefined;
}

function isUtf8(input: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(input);
    return true;
  } catch {
    return false;
  }
}
