import { newId, pageClause } from '@genai-platform/common';
import type { PageQuery, Postgres, Transaction } from '@genai-platform/common';
import { CollectionSettings } from '../domain/collection-settings.ts';
import { collectionExists, collectionMissing } from '../errors.ts';
import type { Caller } from './caller.ts';

/** A collection of documents; a vector store is one without a name. */
export interface CollectionRow {
  /** PostgreSQL's own number of it. */
  readonly key: string;
  readonly id: string;
  readonly name: string | null;
  readonly title: string;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly settings: CollectionSettings;
  readonly revision: number;
  readonly generation: number;
  readonly documents: number;
  readonly chunks: number;
  readonly bytes: number;
  /** The vectors that are searched. */
  readonly space: SpaceRow | undefined;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly lastActiveAt: Date;
  readonly expiresAt: Date | null;
  readonly expireAfterDays: number | null;
}

/** Vectors of one model. */
export interface SpaceRow {
  readonly key: string;
  readonly model: string;
  readonly dimensions: number;
}

interface Row {
  [column: string]: unknown;
  collection_id: string;
  id: string;
  name: string | null;
  title: string;
  description: string;
  metadata: Record<string, string>;
  settings: unknown;
  revision: string;
  generation: string;
  documents: string;
  chunks: string;
  bytes: string;
  space_id: string | null;
  model: string | null;
  dimensions: number | null;
  created_by: string;
  created_at: Date;
  updated_at: Date;
  last_active_at: Date;
  expires_at: Date | null;
  expire_after_days: number | null;
}

const SELECT = `
  SELECT c.*, s.model, s.dimensions FROM collections c
    LEFT JOIN spaces s ON s.tenant = $1 AND s.space_id = c.space_id
   WHERE c.tenant = $1`;
const ALIVE = '(c.expires_at IS NULL OR c.expires_at > now())';

/** The collections of these names or ids, each at its place. @throws AppError 404 that points at the name that there is not */
export async function requireCollections(
  db: Postgres,
  caller: Caller,
  names: readonly string[],
  signal: AbortSignal,
): Promise<CollectionRow[]> {
  const sql = `${SELECT} AND (c.name = ANY($2) OR c.id = ANY($2)) AND ${ALIVE}`;
  const rows = await db.rows<Row>({ identity: caller, signal, readOnly: true }, sql, [caller.tenant, names]);
  const found = rows.map(toCollection);
  return names.map((name, i) => {
    const row = found.find((candidate) => candidate.name === name || candidate.id === name);
    if (row === undefined) throw collectionMissing(name, `/collections/${i}`);
    return row;
  });
}

/** @throws AppError 404 */
export async function getCollection(db: Postgres, caller: Caller, name: string): Promise<CollectionRow> {
  const sql = `${SELECT} AND (c.name = $2 OR c.id = $2)`;
  const [row] = await db.rows<Row>({ identity: caller, readOnly: true }, sql, [caller.tenant, name]);
  if (row === undefined) throw collectionMissing(name);
  return toCollection(row);
}

export async function collectionOfKey(db: Postgres, caller: Caller, key: string): Promise<CollectionRow | undefined> {
  const sql = `${SELECT} AND c.collection_id = $2 AND ${ALIVE}`;
  const [row] = await db.rows<Row>({ identity: caller, readOnly: true }, sql, [caller.tenant, key]);
  return row && toCollection(row);
}

/** Holds back everybody else who changes the collection, until the transaction ends. @throws AppError 404 */
export async function lockCollection(tx: Transaction, caller: Caller, key: string): Promise<CollectionRow> {
  // Two statements: whoever has waited for the lock would see the rows that are joined as they were before.
  await tx.query('SELECT FROM collections WHERE tenant = $1 AND collection_id = $2 FOR UPDATE', [caller.tenant, key]);
  const row = await tx.row<Row>(`${SELECT} AND c.collection_id = $2`, [caller.tenant, key]);
  if (row === undefined) throw collectionMissing(key);
  return toCollection(row);
}

/** Newest first, expired ones too. */
export async function listCollections(
  db: Postgres,
  caller: Caller,
  query: PageQuery,
  ascending = false,
): Promise<CollectionRow[]> {
  const { condition, order, values } = pageClause(query, 'c.id', { firstParameter: 2, descending: !ascending });
  const sql = `${SELECT} AND ${condition} ${order}`;
  return (await db.rows<Row>({ identity: caller, readOnly: true }, sql, [caller.tenant, ...values])).map(toCollection);
}

export interface NewCollection {
  readonly name: string | null;
  readonly title: string;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly settings: CollectionSettings;
  readonly expireAfterDays: number | null;
}

/** @throws AppError 409 where the name is taken */
export async function insertCollection(tx: Transaction, caller: Caller, given: NewCollection): Promise<CollectionRow> {
  const sql = `
    INSERT INTO collections (id, tenant, name, title, description, metadata, settings, created_by, expire_after_days, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::int, now() + $9::int * interval '1 day')
    ON CONFLICT (tenant, name) DO NOTHING RETURNING *`;
  const { name, title, description, metadata, settings, expireAfterDays } = given;
  const row = await tx.row<Row>(sql, [
    newId('vs'),
    caller.tenant,
    name,
    title,
    description,
    JSON.stringify(metadata),
    JSON.stringify(settings),
    caller.subject,
    expireAfterDays,
  ]);
  if (row === undefined) throw collectionExists(name ?? '');
  return toCollection({ ...row, model: null, dimensions: null });
}

/** What can be changed of a collection that is there. */
export type CollectionChange = Partial<
  Pick<NewCollection, 'title' | 'description' | 'metadata' | 'expireAfterDays'>
> & {
  readonly settings?: CollectionSettings;
};

export async function updateCollection(
  tx: Transaction,
  caller: Caller,
  key: string,
  change: CollectionChange,
): Promise<void> {
  const sql = `
    UPDATE collections SET title = coalesce($3, title), description = coalesce($4, description),
      metadata = coalesce($5, metadata), settings = coalesce($6, settings),
      expire_after_days = CASE WHEN $7::boolean THEN $8::int ELSE expire_after_days END,
      expires_at = CASE WHEN $7::boolean THEN last_active_at + $8::int * interval '1 day' ELSE expires_at END,
      revision = revision + 1, updated_at = now()
    WHERE tenant = $1 AND collection_id = $2`;
  const { title, description, metadata, settings, expireAfterDays } = change;
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  const texts = [title ?? null, description ?? null, json(metadata), json(settings)];
  await tx.query(sql, [caller.tenant, key, ...texts, expireAfterDays !== undefined, expireAfterDays ?? null]);
}

/** Puts off the end of a collection that ends when it is not used; at most once an hour. */
export async function touchCollection(tx: Transaction, caller: Caller, key: string): Promise<void> {
  await tx.query(
    `UPDATE collections SET last_active_at = now(), expires_at = now() + expire_after_days * interval '1 day'
      WHERE tenant = $1 AND collection_id = $2 AND last_active_at < now() - interval '1 hour'`,
    [caller.tenant, key],
  );
}

function toCollection(row: Row): CollectionRow {
  const { space_id: space, model, dimensions } = row;
  return {
    key: row.collection_id,
    id: row.id,
    name: row.name,
    title: row.title,
    description: row.description,
    metadata: row.metadata,
    settings: CollectionSettings.parse(row.settings),
    revision: Number(row.revision),
    generation: Number(row.generation),
    documents: Number(row.documents),
    chunks: Number(row.chunks),
    bytes: Number(row.bytes),
    space: space === null || model === null || dimensions === null ? undefined : { key: space, model, dimensions },
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastActiveAt: row.last_active_at,
    expiresAt: row.expires_at,
    expireAfterDays: row.expire_after_days,
  };
}
