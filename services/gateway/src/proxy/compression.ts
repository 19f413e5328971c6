import type { IncomingHttpHeaders } from 'node:http';
import type { Transform } from 'node:stream';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';

/** Below that a packet is a packet. */
const MIN_BYTES = 1_024;
const TYPES = /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]+\+)?(?:json|xml|javascript|yaml)\b|image\/svg\+xml)/i;
/** Fast rather than small: twice the level costs three times the CPU for a few per cent. */
const BROTLI_QUALITY = 4;
const GZIP_LEVEL = 5;

export type Coding = 'br' | 'gzip';

/**
 * How a service's reply is to be compressed on its way out; undefined where not. Only replies that are complete when they
 * begin (they say how long they are): a stream must not wait in a compressor.
 */
export function codingOf(
  accepted: string | undefined,
  status: number,
  headers: IncomingHttpHeaders,
): Coding | undefined {
  if (status === 206 || headers['content-encoding'] !== undefined || !TYPES.test(headers['content-type'] ?? '')) return;
  if (Number(headers['content-length'] ?? 0) < MIN_BYTES || headers['cache-control']?.includes('no-transform')) return;
  const codings = acceptedCodings(accepted);
  return (['br', 'gzip'] as const).find((coding) => codings.has(coding));
}

export function compressor(coding: Coding, sizeHint: number): Transform {
  if (coding === 'gzip') return createGzip({ level: GZIP_LEVEL });
  return createBrotliCompress({
    params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: sizeHint },
  });
}

/** RFC 9110 section 12.5.3, as far as it concerns two codings: `q=0` says no. */
function acceptedCodings(accepted: string | undefined): ReadonlySet<string> {
  const items = (accepted ?? '').toLowerCase().split(',');
  const wanted = items.filter((item) => !/;\s*q=0(?:\.0*)?\s*$/.test(item));
  return new Set(wanted.map((item) => item.split(';')[0]?.trim() ?? ''));
}
