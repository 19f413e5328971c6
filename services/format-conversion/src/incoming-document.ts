import { AppError, validate, type Multipart, type SsrfGuard } from '@genai-platform/common';
import { ConvertFields, type ConvertBody, type DetectBody } from './api/convert-schemas.ts';
import { optionsOf } from './api/options-schema.ts';
import type { Hints } from './domain/detect/detect.ts';
import type { FormatName } from './domain/formats.ts';
import type { Options } from './domain/options.ts';

/** A document that arrived with a request, and what is wanted of it. */
export interface IncomingDocument {
  input: Uint8Array;
  hints: Hints;
}

export interface IncomingConversion extends IncomingDocument {
  from?: FormatName | undefined;
  to: FormatName;
  options: Partial<Options>;
}

export interface Intake {
  guard: SsrfGuard;
  maxBytes: number;
  signal: AbortSignal;
}

/** A conversion that is asked for as JSON. */
export async function fromBody(body: ConvertBody, intake: Intake): Promise<IncomingConversion> {
  const document = await documentOf(body, intake);
  const baseUrl = body.url === undefined ? {} : { baseUrl: body.url };
  return { ...document, from: body.from, to: body.to, options: { ...baseUrl, ...optionsOf(body.options) } };
}

/** A conversion that is asked for as a form with one file. */
export async function fromForm(form: Multipart): Promise<IncomingConversion> {
  const { fields, files } = await form.read();
  const { from, to, options } = validate(ConvertFields, fields, 'body');
  const [file] = files;
  if (!file)
    throw new AppError('CONVERT_FILE_MISSING', { status: 400, detail: 'the form has no file', pointer: '/file' });
  return { input: file.bytes, hints: file, from, to, options: optionsOf(options) };
}

/** The bytes of a document that is given as text, base64 or an address. */
export async function documentOf(body: DetectBody, { guard, maxBytes, signal }: Intake): Promise<IncomingDocument> {
  const hints: Hints = { filename: body.filename };
  if (body.text !== undefined) return { input: Buffer.from(body.text), hints };
  if (body.data !== undefined) return { input: Buffer.from(body.data, 'base64'), hints };
  const { status, bytes, headers, url } = await guard.fetch(body.url ?? '', { signal, maxBytes });
  if (status !== 200) {
    throw new AppError('CONVERT_ADDRESS_FAILED', {
      status: 422,
      detail: `the address answered with status ${status}`,
      pointer: '/url',
    });
  }
  const filename = body.filename ?? new URL(url).pathname.split('/').at(-1);
  return { input: bytes, hints: { filename, contentType: headers['content-type'] } };
}
