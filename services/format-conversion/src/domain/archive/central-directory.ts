import { ConversionError, malformed } from '../conversion-error.ts';

/** One entry as the archive's directory declares it; the declaration may lie and is checked when read. */
export interface ArchiveEntry {
  name: string;
  method: number;
  compressedBytes: number;
  bytes: number;
  /** Offset of the entry's local header. */
  offset: number;
}

const END_SIGNATURE = 0x06054b50;
const END64_LOCATOR_SIGNATURE = 0x07064b50;
const END64_SIGNATURE = 0x06064b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const ENCRYPTED_FLAG = 0x1;

/** Reads the directory at the end of a ZIP archive (APPNOTE 6.3.10, sections 4.3.12 to 4.3.16), ZIP64 included. */
export function readCentralDirectory(input: Uint8Array, maxEntries: number): ArchiveEntry[] {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const { offset, count } = locateDirectory(view);
  if (count > maxEntries) {
    throw new ConversionError(
      'CONVERT_DOCUMENT_TOO_LARGE',
      `The archive lists ${count} entries; ${maxEntries} are read.`,
    );
  }
  const entries: ArchiveEntry[] = [];
  let position = offset;
  for (let index = 0; index < count; index += 1) {
    const { entry, next } = readEntry(input, view, position);
    entries.push(entry);
    position = next;
  }
  return entries;
}

function locateDirectory(view: DataView): { offset: number; count: number } {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at -= 1) {
    if (view.getUint32(at, true) !== END_SIGNATURE) continue;
    const count = view.getUint16(at + 10, true);
    const offset = view.getUint32(at + 16, true);
    return count === 0xffff || offset === 0xffffffff ? locateDirectory64(view, at) : { offset, count };
  }
  throw malformed('The archive has no directory at its end: the file is truncated or not a ZIP archive.');
}

function locateDirectory64(view: DataView, end: number): { offset: number; count: number } {
  const locator = end - 20;
  if (locator < 0 || view.getUint32(locator, true) !== END64_LOCATOR_SIGNATURE) {
    throw malformed('The archive claims to be ZIP64 but has no ZIP64 directory.');
  }
  const at = Number(view.getBigUint64(locator + 8, true));
  if (at + 56 > view.byteLength || view.getUint32(at, true) !== END64_SIGNATURE) {
    throw malformed('The ZIP64 directory of the archive lies outside the file.');
  }
  return { count: Number(view.getBigUint64(at + 32, true)), offset: Number(view.getBigUint64(at + 48, true)) };
}

function readEntry(input: Uint8Array, view: DataView, at: number): { entry: ArchiveEntry; next: number } {
  if (at + 46 > input.byteLength || view.getUint32(at, true) !== ENTRY_SIGNATURE) {
    throw malformed('The directory of the archive is damaged.');
  }
  const flags = view.getUint16(at + 8, true);
  if (flags & ENCRYPTED_FLAG) {
    throw new ConversionError('CONVERT_DOCUMENT_ENCRYPTED', 'The archive is encrypted; send it without a password.');
  }
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
    number,
    number,
    number,
  ];
  const name = new TextDecoder().decode(input.subarray(at + 46, at + 46 + nameBytes));
  const entry: ArchiveEntry = {
    name: name.replaceAll('\\', '/'),
    method: view.getUint16(at + 10, true),
    compressedBytes: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  };
  const next = at + 46 + nameBytes + extraBytes + commentBytes;
  if (next > input.byteLength) throw malformed('The directory of the archive is damaged.');
  applyZip64(entry, new DataView(input.buffer, input.byteOffset + at + 46 + nameBytes, extraBytes));
  return { entry, next };
}

/** ZIP64 sizes stand in an extra field (id 1) in fixed order, each only when its 32-bit place is full. */
function applyZip64(entry: ArchiveEntry, extra: DataView): void {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue;
    let field = at + 4;
    for (const key of ['bytes', 'compressedBytes', 'offset'] as const) {
      if (entry[key] !== 0xffffffff || field + 8 > extra.byteLength) continue;
      entry[key] = Number(extra.getBigUint64(field, true));
      field += 8;
    }
    return;
  }
}
