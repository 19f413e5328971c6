import { inflateRawSync } from 'node:zlib';
import { malformed, tooLarge } from '../conversion-error.ts';
import type { Limits } from '../limits.ts';
import { readCentralDirectory, type ArchiveEntry } from './central-directory.ts';

const STORED = 0;
const DEFLATED = 8;
/** Below this an extreme ratio is harmless (a blank spreadsheet compresses a thousandfold). */
const RATIO_FLOOR_BYTES = 16 * 1024 * 1024;

/**
 * Entries of a ZIP archive, inflated one at a time on demand. Sizes are bounded twice: by what the directory
 * declares, before anything is inflated, and by that declaration while inflating, so a lying entry fails
 * instead of growing.
 */
export class Archive {
  readonly #input: Uint8Array;
  readonly #entries: ReadonlyMap<string, ArchiveEntry>;

  constructor(input: Uint8Array, limits: Limits) {
    this.#input = input;
    const entries = readCentralDirectory(input, limits.archiveEntries);
    const total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    if (total > limits.archiveBytes) {
      throw tooLarge(`The archive would inflate to ${total} bytes; ${limits.archiveBytes} are allowed.`);
    }
    if (total > RATIO_FLOOR_BYTES && total / input.byteLength > limits.archiveRatio) {
      throw tooLarge(
        `The archive would inflate ${Math.round(total / input.byteLength)}-fold; it looks like a zip bomb.`,
      );
    }
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
  }

  names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The bytes of an entry, or undefined when there is none of that name. */
  read(name: string): Uint8Array | undefined {
    const entry = this.#entries.get(name);
    return entry && inflate(this.#input, entry);
  }

  /** The bytes of an entry that the format requires. */
  require(name: string): Uint8Array {
    const bytes = this.read(name);
    if (!bytes) throw malformed(`The archive has no "${name}".`);
    return bytes;
  }
}

function inflate(input: Uint8Array, entry: ArchiveEntry): Uint8Array {
  const start = dataOffset(input, entry);
  const data = input.subarray(start, start + entry.compressedBytes);
  if (data.byteLength < entry.compressedBytes) throw malformed(`The entry "${entry.name}" is cut short.`);
  if (entry.method === STORED) return data;
  if (entry.method !== DEFLATED) {
    throw malformed(`The entry "${entry.name}" uses compression method ${entry.method}; only deflate is known.`);
  }
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(entry.bytes, 1) });
  } catch (error) {
    throw malformed(`The entry "${entry.name}" does not inflate to the size it declares.`, error);
  }
}

function dataOffset(input: Uint8Array, entry: ArchiveEntry): number {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (entry.offset + 30 > input.byteLength || view.getUint32(entry.offset, true) !== 0x04034b50) {
    throw malformed(`The entry "${entry.name}" points outside the archive.`);
  }
  return entry.offset + 30 + view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
}
