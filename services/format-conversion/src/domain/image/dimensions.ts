export interface ImageFacts {
  kind: 'png' | 'jpg' | 'gif' | 'bmp';
  /** Pixels. */
  width: number;
  height: number;
}

/** Kind and size of a raster picture from its first bytes; undefined for what is not one of the four kinds. */
export function imageFacts(data: Uint8Array): ImageFacts | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.byteLength < 26) return undefined;
  if (view.getUint32(0) === 0x89504e47) return { kind: 'png', width: view.getUint32(16), height: view.getUint32(20) };
  if (view.getUint32(0) === 0x47494638)
    return { kind: 'gif', width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (view.getUint16(0) === 0x424d)
    return { kind: 'bmp', width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
  return view.getUint16(0) === 0xffd8 ? jpegFacts(view) : undefined;
}

/** Walks the segments to the frame header (ITU T.81, section B.2.2). */
function jpegFacts(view: DataView): ImageFacts | undefined {
  for (let at = 2; at + 9 < view.byteLength;) {
    const marker = view.getUint16(at);
    if ((marker & 0xff00) !== 0xff00) return undefined;
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return { kind: 'jpg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}
