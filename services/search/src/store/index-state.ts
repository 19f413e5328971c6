import type { Postgres } from '@genai-platform/common';
import type { Directory } from '../domain/segment/segment-file.ts';
import type { IndexSettings } from '../domain/settings.ts';
import type { Caller } from './caller.ts';
import type { VectorEngine } from './index-rows.ts';

/** A segment's row. The directory is only sent for segments that the asker does not know. */
export interface SegmentRow {
  readonly id: string;
  readonly first_number: number;
  readonly documents: number;
  readonly bytes: number;
  readonly totals: Readonly<Record<string, number>> | null;
  readonly directory: Directory | null;
}

/** An index at one moment: everything that decides what a search finds, but not the segments' bytes. */
export interface IndexState {
  readonly indexId: string;
  readonly settings: IndexSettings;
  readonly revision: number;
  readonly generation: number;
  readonly nextNumber: number;
  readonly documents: number;
  readonly vectorEngine: VectorEngine | undefined;
  readonly segments: readonly SegmentRow[];
  /** Numbers deleted since the generation that the asker knows. */
  readonly deleted: readonly number[];
}

interface Row {
  index_id: string;
  settings: IndexSettings;
  revision: string;
  generation: string;
  next_number: string;
  documents: string;
  vector_engine: VectorEngine | null;
  segments: SegmentRow[] | null;
  deleted: string[] | null;
}

/** What the asker already knows; nothing the first time. */
export interface KnownState {
  readonly indexId: string;
  readonly generation: number;
  readonly segmentIds: readonly string[];
}

/**
 * One statement, so that all parts are of one moment. Parts that the asker knows of this very index are left out; an
 * index that was deleted and made again under the same name has another id, and everything is sent.
 */
const STATE = `
  SELECT i.index_id, i.settings, i.revision, i.generation, i.next_number, i.documents, i.vector_engine,
    (SELECT json_agg(json_build_object(
        'id', s.segment_id::text, 'first_number', s.first_number, 'documents', s.documents, 'bytes', s.bytes,
        'totals', CASE WHEN s.segment_id = ANY($4) THEN NULL ELSE s.totals END,
        'directory', CASE WHEN s.segment_id = ANY($4) THEN NULL ELSE s.directory END) ORDER BY s.first_number)
       FROM segments s WHERE s.tenant = $1 AND s.index_id = i.index_id) AS segments,
    (SELECT array_agg(t.number) FROM tombstones t
      WHERE t.tenant = $1 AND t.index_id = i.index_id
        AND t.generation > CASE WHEN i.index_id = $3::bigint THEN $5::bigint ELSE -1 END) AS deleted
  FROM indexes i WHERE i.tenant = $1 AND i.name = $2`;

/** Reads the state of an index, or undefined where there is none of that name. */
export async function readIndexState(
  db: Postgres,
  caller: Caller,
  name: string,
  known: KnownState | undefined,
): Promise<IndexState | undefined> {
  const [row] = await db.rows<Row>({ identity: caller, readOnly: true }, STATE, [
    caller.tenant,
    name,
    ...(known ? [known.indexId, known.segmentIds, known.generation] : [null, [], -1]),
  ]);
  return row && fromRow(row);
}

function fromRow(row: Row): IndexState {
  return {
    indexId: row.index_id,
    settings: row.settings,
    revision: Number(row.revision),
    generation: Number(row.generation),
    nextNumber: Number(row.next_number),
    documents: Number(row.documents),
    vectorEngine: row.vector_engine ?? undefined,
    segments: row.segments ?? [],
    deleted: (row.deleted ?? []).map(Number),
  };
}
