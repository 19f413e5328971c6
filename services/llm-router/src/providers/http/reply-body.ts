import { ProviderError } from '../provider-error.ts';
import { toProviderError } from './transport-error.ts';
import type { UpstreamReply } from './upstream.ts';

/** Reads a reply whole. @throws ProviderError where it is too large or breaks off */
export async function readText({ body }: UpstreamReply, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes)
        throw new ProviderError({ kind: 'too-large', detail: `more than ${String(maxBytes)} bytes` });
      chunks.push(chunk);
    }
  } catch (error) {
    body.destroy();
    throw toProviderError(error);
  }
  return (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)).toString('utf8');
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
