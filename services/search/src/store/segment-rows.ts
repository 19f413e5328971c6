import type { Transaction } from '@genai-platform/common';
import type { SegmentFile } from '../domain/segment/segment-file.ts';
import type { Caller } from './caller.ts';
import { CHUNK_BYTES } from './chunk-source.ts';

/** Statements with more parameters gain nothing, and each row of a statement is held twice in memory. */
const CHUNKS_PER_STATEMENT = 64;

/** Writes a segment whose first document has the given number; the caller holds the index's lock. */
export async function insertSegment(
  tx: Transaction,
  caller: Caller,
  { indexId, firstNumber, file }: { indexId: string; firstNumber: number; file: SegmentFile },
): Promise<void> {
  const row = await tx.row<{ segment_id: string }>(
    `INSERT INTO segments (tenant, index_id, first_number, documents, bytes, totals, directory)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING segment_id`,
    [
      caller.tenant,
      indexId,
      firstNumber,
      file.documents,
      file.bytes.length,
      JSON.stringify(file.totals),
      JSON.stringify(file.directory),
    ],
  );
  await insertChunks(tx, caller, (row as { segment_id: string }).segment_id, file.bytes);
}

/** Chunks go as binary parameters: as an array they would be written out in hexadecimal. */
async function insertChunks(tx: Transaction, caller: Caller, segmentId: string, bytes: Uint8Array): Promise<void> {
  const chunks: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES)
    chunks.push(Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(CHUNK_BYTES, bytes.length - start)));
  for (let from = 0; from < chunks.length; from += CHUNKS_PER_STATEMENT) {
    const some = chunks.slice(from, from + CHUNKS_PER_STATEMENT);
    const rows = some.map((_chunk, i) => `($1, $2, ${from + i}, $${i + 3})`);
    await tx.query(`INSERT INTO segment_chunks (tenant, segment_id, chunk, data) VALUES ${rows.join(', ')}`, [
      caller.tenant,
      segmentId,
      ...some,
    ]);
  }
}

/** Removes segments with their bytes; tells how many there were. */
export async function deleteSegments(tx: Transaction, caller: Caller, segmentIds: readonly string[]): Promise<number> {
  const values = [caller.tenant, segmentIds];
  await tx.query('DELETE FROM segment_chunks WHERE tenant = $1 AND segment_id = ANY($2)', values);
  const { rowCount } = await tx.query('DELETE FROM segments WHERE tenant = $1 AND segment_id = ANY($2)', values);
  return rowCount ?? 0;
}
