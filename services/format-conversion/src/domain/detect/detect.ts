import { fileTypeFromBuffer } from 'file-type';
import { formats, isTextual, type FormatName } from '../formats.ts';
import type { Limits } from '../limits.ts';
import { sniffContainer } from './container.ts';
import { detectEncoding, type EncodingFinding } from './encoding.ts';
import { sniffText } from './text-format.ts';
import iconv from 'iconv-lite';

/** What the sender says about a document; bytes that say otherwise win. */
export interface Hints {
  filename?: string | undefined;
  contentType?: string | undefined;
}

export interface Detection {
  /** Undefined when it is nothing that can be converted. */
  format: FormatName | undefined;
  mediaType: string;
  /** For people: "Word document", "PNG image". */
  description: string;
  /** What the finding rests on: leading bytes, the content as a whole, or the name that it was sent under. */
  basis: 'signature' | 'content' | 'name';
  confidence: number;
  /** Of textual formats. */
  encoding?: EncodingFinding;
}

/** What sniffing a text can mistake for one another, so that a name decides. */
const AMBIGUOUS: ReadonlySet<FormatName> = new Set(['md', 'txt', 'csv', 'tsv']);
const SIGNATURE_BYTES = 4_096;

/** Finds out what a document is, from its bytes first. */
export async function detectFormat(input: Uint8Array, hints: Hints, limits: Limits): Promise<Detection> {
  return (await bySignature(input, limits)) ?? byText(input, hints);
}

async function bySignature(input: Uint8Array, limits: Limits): Promise<Detection | undefined> {
  const head = Buffer.from(input.buffer, input.byteOffset, Math.min(input.byteLength, SIGNATURE_BYTES)).toString(
    'latin1',
  );
  // ISO 32000-2 allows other bytes before the header; readers look in the first kilobyte.
  if (head.slice(0, 1024).includes('%PDF-')) return known('pdf');
  if (head.startsWith('{\\rtf')) return known('rtf');
  if (head.startsWith('PK\u0003\u0004') || head.startsWith('PK\u0005\u0006')) {
    const { format, mediaType, description } = sniffContainer(input, limits);
    return format ? known(format) : { format, mediaType, description, basis: 'content', confidence: 1 };
  }
  if (Buffer.from(head, 'latin1').subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1') {
    const description = 'Office 97 to 2003 document, or one protected by a password';
    return { format: undefined, mediaType: 'application/x-cfb', description, basis: 'signature', confidence: 1 };
  }
  const found = await fileTypeFromBuffer(input.subarray(0, SIGNATURE_BYTES));
  if (!found || found.mime === 'application/xml') return undefined;
  return {
    format: undefined,
    mediaType: found.mime,
    description: `${found.ext.toUpperCase()} file`,
    basis: 'signature',
    confidence: 1,
  };
}

function known(name: FormatName): Detection {
  const format = formats.find((candidate) => candidate.name === name);
  return {
    format: name,
    mediaType: format?.mediaTypes[0] ?? '',
    description: format?.title ?? name,
    basis: 'signature',
    confidence: 1,
  };
}

function byText(input: Uint8Array, hints: Hints): Detection {
  const encoding = detectEncoding(input);
  const text = iconv.decode(Buffer.from(input), encoding.encoding);
  if (looksBinary(text)) {
    return {
      format: undefined,
      mediaType: 'application/octet-stream',
      description: 'unknown binary data',
      basis: 'content',
      confidence: 0.9,
    };
  }
  const sniffed = sniffText(text);
  const hinted = hintedFormat(hints);
  if (hinted && hinted !== sniffed.format && AMBIGUOUS.has(sniffed.format) && isTextual(hinted)) {
    return { ...known(hinted), basis: 'name', confidence: 0.8, encoding };
  }
  return {
    ...known(sniffed.format),
    basis: 'content',
    confidence: hinted === sniffed.format ? 1 : sniffed.confidence,
    encoding,
  };
}

function looksBinary(text: string): boolean {
  const sample = text.slice(0, SIGNATURE_BYTES);
  const strange = sample.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g)?.length ?? 0; // eslint-disable-line no-control-regex
  return strange > sample.length * 0.02;
}

/** The format that the file name or the declared type stands for. `application/octet-stream` and the like say nothing. */
export function hintedFormat({ filename = '', contentType = '' }: Hints): FormatName | undefined {
  const extension = /\.([A-Za-z0-9]+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
  const type = contentType.replace(/;.*$/s, '').trim().toLowerCase();
  const byName = formats.find(({ extensions }) => extensions.includes(extension));
  // Browsers call everything that they do not know text/plain.
  const byType = formats.find(({ mediaTypes }) => type !== 'text/plain' && mediaTypes.includes(type));
  return (byName ?? byType)?.name;
}
