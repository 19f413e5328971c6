import type { Postgres, Transaction } from '@genai-platform/common';
import type { WritableDocument } from '../domain/prepare-bulk.ts';
import type { Caller } from './caller.ts';

/** A document as a search returns it. */
export interface FoundDocument {
  readonly number: number;
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Documents by number, and which state of the index they were read in. */
export interface FetchedDocuments {
  readonly indexId: string;
  readonly generation: number;
  readonly documents: ReadonlyMap<number, FoundDocument>;
}

interface FetchRow {
  index_id: string;
  generation: string;
  number: string | null;
  id: string;
  fields: Record<string, unknown>;
}

/**
 * The documents of some numbers together with the generation that they were read in, in one statement: whoever ranked
 * by an older generation sees it in the same answer and ranks again.
 */
export async function fetchDocuments(
  db: Postgres,
  caller: Caller,
  name: string,
  { numbers, fields: withFields }: { numbers: readonly number[]; fields: boolean },
): Promise<FetchedDocuments | undefined> {
  const rows = await db.rows<FetchRow>(
    { identity: caller, readOnly: true },
    `SELECT i.index_id, i.generation, d.number, d.id, ${withFields ? 'd.fields' : "'{}'::json AS fields"} FROM indexes i
       LEFT JOIN documents d ON d.tenant = $1 AND d.index_id = i.index_id AND d.number = ANY($3::bigint[])
      WHERE i.tenant = $1 AND i.name = $2`,
    [caller.tenant, name, numbers],
  );
  const [first] = rows;
  if (!first) return undefined;
  const documents = rows
    .filter(({ number }) => number !== null)
    .map(({ number, id, fields }) => ({ number: Number(number), id, fields }));
  return {
    indexId: first.index_id,
    generation: Number(first.generation),
    documents: new Map(documents.map((document) => [document.number, document])),
  };
}

/** One document as it is stored. */
export interface StoredDocument extends FoundDocument {
  readonly acl: readonly string[];
  readonly indexedAt: Date;
}

/** What is known of a document's address: its index at least. */
export interface FoundAddress {
  /** Whether the index shows documents to the principals in their lists only. */
  readonly restricted: boolean;
  readonly document: StoredDocument | undefined;
}

/** Looks for one document; undefined where there is no such index. */
export async function findDocument(
  db: Postgres,
  caller: Caller,
  name: string,
  id: string,
): Promise<FoundAddress | undefined> {
  const [row] = await db.rows<FetchRow & { restricted: boolean; acl: string[]; indexed_at: Date }>(
    { identity: caller, readOnly: true },
    `SELECT (i.settings ->> 'acl')::boolean AS restricted, d.number, d.id, d.fields, d.acl, d.indexed_at FROM indexes i
       LEFT JOIN documents d ON d.tenant = $1 AND d.index_id = i.index_id AND d.id = $3
      WHERE i.tenant = $1 AND i.name = $2`,
    [caller.tenant, name, id],
  );
  if (!row) return undefined;
  const { restricted, number, fields, acl, indexed_at: indexedAt } = row;
  return { restricted, document: number === null ? undefined : { number: Number(number), id, fields, acl, indexedAt } };
}

/** Numbers of those documents among `ids` that exist, by id. */
export async function numbersOf(
  tx: Transaction,
  caller: Caller,
  indexId: string,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.rows<{ id: string; number: string }>(
    'SELECT id, number FROM documents WHERE tenant = $1 AND index_id = $2 AND id = ANY($3)',
    [caller.tenant, indexId, ids],
  );
  return new Map(rows.map(({ id, number }) => [id, Number(number)]));
}

/** Writes documents in place of those with the same ids; they get the numbers from `firstNumber` on. */
export async function upsertDocuments(
  tx: Transaction,
  caller: Caller,
  { indexId, firstNumber, documents }: { indexId: string; firstNumber: number; documents: readonly WritableDocument[] },
): Promise<void> {
  await tx.query(
    `INSERT INTO documents (tenant, index_id, number, id, fields, acl)
     SELECT $1, $2, $3::bigint + place - 1, id, fields::json, ARRAY(SELECT json_array_elements_text(acl::json))
       FROM unnest($4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS given(id, fields, acl, place)
     ON CONFLICT (index_id, id) DO UPDATE
        SET number = EXCLUDED.number, fields = EXCLUDED.fields, acl = EXCLUDED.acl, indexed_at = now()`,
    [
      caller.tenant,
      indexId,
      firstNumber,
      documents.map(({ id }) => id),
      documents.map(({ fields }) => fields),
      documents.map(({ acl }) => JSON.stringify(acl)),
    ],
  );
}

/** Removes documents; returns the numbers that they had. */
export async function deleteDocuments(
  tx: Transaction,
  caller: Caller,
  indexId: string,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.rows<{ id: string; number: string }>(
    'DELETE FROM documents WHERE tenant = $1 AND index_id = $2 AND id = ANY($3) RETURNING id, number',
    [caller.tenant, indexId, ids],
  );
  return new Map(rows.map(({ id, number }) => [id, Number(number)]));
}

/** Notes that segments still hold these numbers although their documents are gone. */
export async function insertTombstones(
  tx: Transaction,
  caller: Caller,
  { indexId, generation, numbers }: { indexId: string; generation: number; numbers: readonly number[] },
): Promise<void> {
  if (numbers.length === 0) return;
  await tx.query(
    'INSERT INTO tombstones (tenant, index_id, number, generation) SELECT $1, $2, n, $3 FROM unnest($4::bigint[]) AS n',
    [caller.tenant, indexId, generation, numbers],
  );
}

/** Forgets numbers that no segment holds any more. */
export async function deleteTombstones(
  tx: Transaction,
  caller: Caller,
  indexId: string,
  numbers: readonly number[],
): Promise<void> {
  if (numbers.length === 0) return;
  await tx.query('DELETE FROM tombstones WHERE tenant = $1 AND index_id = $2 AND number = ANY($3::bigint[])', [
    caller.tenant,
    indexId,
    numbers,
  ]);
}
