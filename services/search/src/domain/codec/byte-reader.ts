/** Reads what ByteWriter wrote. `position` is public: loops that decode postings move it themselves. */
export class ByteReader {
  readonly bytes: Uint8Array;
  position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  varint(): number {
    const { bytes } = this;
    let byte = bytes[this.position++] as number;
    if (byte < 128) return byte;
    let value = byte & 127;
    for (let scale = 128; ; scale *= 128) {
      byte = bytes[this.position++] as number;
      if (byte < 128) return value + byte * scale;
      value += (byte & 127) * scale;
    }
  }

  uint32(): number {
    const { bytes, position } = this;
    this.position += 4;
    const low = (bytes[position] as number) | ((bytes[position + 1] as number) << 8);
    const high = (bytes[position + 2] as number) | ((bytes[position + 3] as number) << 8);
    return ((high << 16) | low) >>> 0;
  }

  float64(): number {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.position, 8);
    this.position += 8;
    return view.getFloat64(0, true);
  }
}
