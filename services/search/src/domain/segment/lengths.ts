/** Field lengths of a segment's documents, in words. */
export type Lengths = Uint8Array | Uint16Array | Uint32Array;

/** Encodes lengths at the smallest width that holds the longest: a byte of width, then the values. */
export function encodeLengths(lengths: readonly number[]): Uint8Array {
  const longest = lengths.reduce((a, b) => Math.max(a, b), 0);
  const values =
    longest < 256 ? Uint8Array.from(lengths) : longest < 65_536 ? Uint16Array.from(lengths) : Uint32Array.from(lengths);
  const bytes = new Uint8Array(1 + values.byteLength);
  bytes[0] = values.BYTES_PER_ELEMENT;
  bytes.set(new Uint8Array(values.buffer), 1);
  return bytes;
}

/** Lengths are exact, unlike Lucene's norms of one byte, so that scores are exact too. */
export function decodeLengths(bytes: Uint8Array): Lengths {
  // Not slice(): that of a Buffer is a view of memory that it shares with others.
  const body = new Uint8Array(bytes.subarray(1));
  if (bytes[0] === 1) return body;
  return bytes[0] === 2 ? new Uint16Array(body.buffer) : new Uint32Array(body.buffer);
}
