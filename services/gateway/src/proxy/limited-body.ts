import { Transform } from 'node:stream';

/** Passes at most `maxBytes` on, then fails. For bodies that do not say beforehand how long they are. */
export function limitedBody(maxBytes: number, tooLarge: () => Error): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(tooLarge());
      else done(null, chunk);
    },
  });
}
