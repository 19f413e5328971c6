import { ProviderError } from '../provider-error.ts';
import { toProviderError } from './transport-error.ts';
import type { UpstreamReply } from './upstream.ts';

/**
 * Reads a reply whole; by its events, which cost less than iterating.
 *
 * @throws ProviderError where it is too large or breaks off
 */
export function readText({ body }: UpstreamReply, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= maxBytes) return;
      body.destroy(new ProviderError({ kind: 'too-large', detail: `more than ${String(maxBytes)} bytes` }));
    });
    let isComplete = false;
    body.once('end', () => {
      isComplete = true;
      resolve((chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)).toString('utf8'));
    });
    body.once('error', (error) => {
      reject(toProviderError(error));
    });
    // Ended from this side, without a reason.
    body.once('close', () => {
      if (!isComplete) reject(toProviderError(new Error('closed')));
    });
  });
}

/** Parses what a provider sent. @throws ProviderError where it is not a JSON object */
export function parseObject(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, without the text: it is somebody's data.
  }
  throw new ProviderError({ kind: 'protocol', detail: 'the reply is not a JSON object' });
}
