import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import type { Readable, TransformCallback } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AppError } from '../errors.ts';
import type { Fingerprint } from './fingerprint.ts';

const DECODERS = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * The decoded bytes of a request body. More than `maxBytes`, before or after decoding, ends the stream with a 413:
 * a small compressed body cannot become a large one.
 *
 * @throws AppError 413 at once where the declared length is too large, 415 for an unknown encoding
 */
export function bodyStream(req: IncomingMessage, maxBytes: number, fingerprint?: Fingerprint): Readable {
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const encoding = contentEncoding(req);
  const limited = limit(maxBytes, fingerprint);
  if (encoding === undefined) return chain(req, limited);
  const decoder = encoding();
  decoder.on('error', (cause) => limited.destroy(malformed(`the body is not what its Content-Encoding says`, cause)));
  return chain(chain(req, decoder), limited);
}

/** Reads a request body whole. @throws AppError 413, 415 or 400 */
export async function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (req.headers['content-encoding'] === undefined) return await readPlain(req, maxBytes);
  const chunks: Buffer[] = [];
  for await (const chunk of bodyStream(req, maxBytes)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The common case without a chain of streams: three times as fast for a small body. */
function readPlain(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(req.headers['content-length'] ?? 0) > maxBytes) return reject(tooLarge(maxBytes));
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= maxBytes) return void chunks.push(chunk);
      req.off('data', onData);
      reject(tooLarge(maxBytes));
    };
    req.on('data', onData);
    req.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)));
    req.once('error', (cause) => reject(malformed('the body broke off', cause)));
    // Every request closes in the end, most of them after their body: an error is not made for nothing.
    req.once('close', () => {
      if (!req.readableEnded) reject(malformed('the body broke off'));
    });
  });
}

function contentEncoding(req: IncomingMessage): (() => Transform) | undefined {
  const name = req.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (name === 'identity') return undefined;
  const decoder = DECODERS.get(name);
  if (decoder !== undefined) return decoder;
  throw new AppError('UNSUPPORTED_CONTENT_ENCODING', {
    status: 415,
    detail: 'the Content-Encoding has to be gzip, deflate, br or identity',
    headers: { 'accept-encoding': 'gzip, deflate, br' },
  });
}

function limit(maxBytes: number, fingerprint: Fingerprint | undefined): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      size += chunk.length;
      if (size > maxBytes) return done(tooLarge(maxBytes));
      fingerprint?.update(chunk);
      done(null, chunk);
    },
  });
}

/** Like `pipeline`, but an end downstream leaves the request readable: the reply still has to go out. */
function chain<T extends Transform>(source: Readable, target: T): T {
  source.pipe(target);
  source.once('error', (cause) => target.destroy(malformed('the body broke off', cause)));
  source.once('close', () => {
    if (!source.readableEnded) target.destroy(malformed('the body broke off'));
  });
  target.once('close', () => source.unpipe(target));
  return target;
}

export function tooLarge(maxBytes: number): AppError {
  return new AppError('BODY_TOO_LARGE', { status: 413, detail: `the body is larger than ${maxBytes} bytes` });
}

function malformed(detail: string, cause?: Error): AppError {
  return new AppError('REQUEST_MALFORMED', { status: 400, detail, cause });
}
