/** A vector as OpenAI words it: numbers, or their little-endian 32-bit floats, which is the order of every machine that Node.js supports. */
export function wordVector(vector: Float32Array, format: 'float' | 'base64' | null | undefined): number[] | string {
  if (format !== 'base64') return Array.from(vector);
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}
