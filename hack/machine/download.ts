import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Downloads a file and checks it; what does not have the expected SHA-256 is an error. */
export async function download(url: string, path: string, sha256: string, signal?: AbortSignal): Promise<void> {
  const response = await fetch(url, { signal: signal ?? null });
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${String(response.status)}`);
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body), hashing, createWriteStream(path));
  const found = hash.digest('hex');
  if (found !== sha256) throw new Error(`${url} has SHA-256 ${found}, expected ${sha256}`);
}
