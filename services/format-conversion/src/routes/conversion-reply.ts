import { reply, stream } from '@genai-platform/common';
import type { Request } from 'express';
import type { z } from 'zod';
import type { ConvertReply } from '../api/convert-schemas.ts';
import type { Warning } from '../domain/document/warnings.ts';
import { contentTypeOf, formatNamed, isTextual, type FormatName } from '../domain/formats.ts';

/** A finished conversion, as routes answer it. */
type JsonBody = z.input<typeof ConvertReply>;
type ConversionReply = ReturnType<typeof stream> | ReturnType<typeof reply<JsonBody>>;

export interface FinishedConversion {
  from: FormatName;
  to: FormatName;
  output: Uint8Array;
  warnings: Warning[];
  /** Under which the source was sent. */
  filename?: string | undefined;
}

/** The bytes with their type and a header of warnings; or everything as JSON where the client asks for that. */
export function conversionReply(req: Request, finished: FinishedConversion): ConversionReply {
  return wantsJson(req, finished.to) ? reply(asJson(finished)) : asBytes(finished);
}

function wantsJson(req: Request, to: FormatName): boolean {
  const accept = req.headers.accept ?? '';
  return to !== 'json' && /\bapplication\/json\b/.test(accept) && !accept.includes(formatNamed(to).mediaTypes[0]);
}

function asJson({ from, to, output, warnings }: FinishedConversion): JsonBody {
  const bytes = Buffer.from(output.buffer, output.byteOffset, output.byteLength);
  const content = isTextual(to) ? { text: bytes.toString() } : { data: bytes.toString('base64') };
  return { object: 'conversion', from, to, media_type: formatNamed(to).mediaTypes[0], ...content, warnings };
}

function asBytes({ from, to, output, warnings, filename }: FinishedConversion): ReturnType<typeof stream> {
  return stream(output, contentTypeOf(to), {
    headers: {
      'content-disposition': disposition(filename, to),
      'conversion-source': from,
      ...(warnings.length === 0 ? {} : { 'conversion-warnings': warningsHeader(warnings) }),
    },
  });
}

/** A list of tokens with their counts (structured field, RFC 9651): `IMAGE_PLACEHOLDER;count=3, UNDERLINE_DROPPED;count=1`. */
function warningsHeader(warnings: readonly Warning[]): string {
  const counts = new Map<string, number>();
  for (const { code, count } of warnings) counts.set(code, (counts.get(code) ?? 0) + count);
  return [...counts].map(([code, count]) => `${code};count=${count}`).join(', ');
}

/** RFC 6266: an ASCII name for all clients and the real one for those that understand it. */
function disposition(filename: string | undefined, to: FormatName): string {
  const stem = (filename ?? '').replace(/\.[A-Za-z0-9]{1,8}$/, '') || 'converted';
  const name = `${stem}.${formatNamed(to).extensions[0]}`;
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, percent)}`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
