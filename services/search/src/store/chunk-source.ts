import type { Postgres } from '@genai-platform/common';
import { LruCache } from '../domain/codec/lru-cache.ts';
import { SegmentGone } from '../domain/segment/segment.ts';
import type { Segment, SegmentRange, SegmentSource } from '../domain/segment/segment.ts';

/** Bytes of a chunk: what one posting list needs of a segment costs at most a few of these. */
export const CHUNK_BYTES = 64 * 1024;

/** Bounds the size of one answer: bytes come in hexadecimal, 4 MiB as 8. */
const CHUNKS_PER_STATEMENT = 64;

interface Chunk {
  readonly segment: Segment;
  readonly number: number;
}

/** Reads segments' bytes from PostgreSQL, and keeps the chunks that are read in parts up to a bound. */
export class ChunkSource implements SegmentSource {
  readonly #db: Postgres;
  readonly #cache: LruCache<Uint8Array>;
  readonly #loading = new Map<string, Promise<Uint8Array>>();

  constructor(db: Postgres, limitBytes: number) {
    this.#db = db;
    this.#cache = new LruCache(limitBytes);
  }

  get bytes(): number {
    return this.#cache.bytes;
  }

  async read(ranges: readonly SegmentRange[]): Promise<Uint8Array[]> {
    const chunks = new Map<string, Uint8Array>();
    const missing = new Map<string, Chunk>();
    for (const { segment, offset, length } of ranges)
      for (let number = chunkOf(offset); length > 0 && number <= chunkOf(offset + length - 1); number++) {
        const key = chunkKey(segment, number);
        if (chunks.has(key) || missing.has(key)) continue;
        const cached = this.#cache.get(key);
        if (cached) chunks.set(key, cached);
        else missing.set(key, { segment, number });
      }
    if (missing.size > 0) await this.#load(missing, chunks, ranges);
    return ranges.map((range) => slice(range, chunks));
  }

  async #load(
    missing: ReadonlyMap<string, Chunk>,
    into: Map<string, Uint8Array>,
    ranges: readonly SegmentRange[],
  ): Promise<void> {
    const fresh = [...missing].filter(([key]) => !this.#loading.has(key));
    for (let from = 0; from < fresh.length; from += CHUNKS_PER_STATEMENT)
      this.#fetch(fresh.slice(from, from + CHUNKS_PER_STATEMENT));
    const whole = wholeChunks(ranges);
    await Promise.all(
      [...missing.keys()].map(async (key) => {
        const data = await (this.#loading.get(key) as Promise<Uint8Array>);
        into.set(key, data);
        // A chunk that is part of one large part is kept decoded by whoever asked: not twice.
        if (!whole.has(key)) this.#cache.set(key, data, data.byteLength);
      }),
    );
  }

  /** Queries that need the same chunks at the same time share one statement. */
  #fetch(chunks: readonly (readonly [string, Chunk])[]): void {
    const read = readChunks(
      this.#db,
      chunks.map(([, chunk]) => chunk),
    );
    for (const [key, { segment, number }] of chunks) {
      const one = read.then((found) => {
        const data = found.get(chunkKey(segment, number));
        if (!data) throw new SegmentGone(segment.id);
        return data;
      });
      const forget = (): void => void this.#loading.delete(key);
      one.then(forget, forget);
      this.#loading.set(key, one);
    }
  }
}

async function readChunks(db: Postgres, chunks: readonly Chunk[]): Promise<Map<string, Uint8Array>> {
  // Segments of one search belong to one tenant: its snapshot was read under that tenant's name.
  const { tenant } = (chunks[0] as Chunk).segment;
  const rows = await db.rows<{ segment_id: string; chunk: number; data: Buffer }>(
    { identity: { tenant, subject: '' }, readOnly: true },
    `SELECT segment_id, chunk, data FROM segment_chunks
      WHERE tenant = $1 AND (segment_id, chunk) IN (SELECT * FROM unnest($2::bigint[], $3::int[]))`,
    [tenant, chunks.map(({ segment }) => segment.id), chunks.map(({ number }) => number)],
  );
  return new Map(rows.map((row) => [`${row.segment_id}:${row.chunk}`, plainBytes(row.data)]));
}

/** Buffers differ from other byte arrays in small ways (slice() shares memory); the domain knows bytes only. */
function plainBytes({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

function chunkOf(offset: number): number {
  return Math.floor(offset / CHUNK_BYTES);
}

function chunkKey(segment: Segment, number: number): string {
  return `${segment.id}:${number}`;
}

/** Chunks that lie inside one range with room to spare on no side. */
function wholeChunks(ranges: readonly SegmentRange[]): Set<string> {
  const keys = new Set<string>();
  for (const { segment, offset, length } of ranges)
    for (let number = chunkOf(offset) + 1; (number + 1) * CHUNK_BYTES <= offset + length; number++)
      keys.add(chunkKey(segment, number));
  return keys;
}

function slice({ segment, offset, length }: SegmentRange, chunks: ReadonlyMap<string, Uint8Array>): Uint8Array {
  if (length === 0) return new Uint8Array(0);
  const first = chunkOf(offset);
  const last = chunkOf(offset + length - 1);
  const start = offset - first * CHUNK_BYTES;
  if (first === last) return (chunks.get(chunkKey(segment, first)) as Uint8Array).subarray(start, start + length);
  const joined = new Uint8Array(length);
  let written = 0;
  for (let number = first; number <= last; number++) {
    const chunk = chunks.get(chunkKey(segment, number)) as Uint8Array;
    const piece = number === first ? chunk.subarray(start) : chunk.subarray(0, length - written);
    joined.set(piece, written);
    written += piece.length;
  }
  return joined;
}
