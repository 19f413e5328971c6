import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { RankedQuery } from '../domain/lexical-search.ts';
import { cursorInvalid } from '../errors.ts';

const MAX_CURSOR_BYTES = 512 * 1024;

const Alternative = z.strictObject({
  terms: z
    .array(z.strictObject({ term: z.string(), offset: z.int() }))
    .min(1)
    .max(2_048),
  fields: z.array(z.string()).min(1),
  weight: z.number(),
  correction: z.string().optional(),
});
const Clause = z.strictObject({
  slots: z.int(),
  boost: z.number(),
  alternatives: z.array(Alternative).max(256),
  label: z.string(),
});
const Query = z.strictObject({
  clauses: z.array(Clause).max(2_048).optional(),
  excluded: z.array(Clause).max(2_048),
  required: z.int(),
  weights: z.record(z.string(), z.number()),
  statistics: z.strictObject({ documents: z.number(), averageLength: z.number() }),
  idfs: z.array(z.number()),
  corrections: z.array(z.strictObject({ from: z.string(), to: z.array(z.string()) })),
});
const Cursor = z.strictObject({
  version: z.literal(1),
  request: z.string(),
  indexId: z.string(),
  before: z.number(),
  after: z.strictObject({
    number: z.number(),
    score: z.number(),
    keys: z.array(z.union([z.number(), z.string(), z.null()])),
  }),
  query: Query.optional(),
});

/**
 * Where a result goes on. It carries what ranked the first page: the query after expansion, the statistics and
 * weights, and the number below which documents count. So every page ranks the same documents by the same scores,
 * whatever was written in between, and the service keeps nothing.
 */
export interface Cursor {
  /** Fingerprint of the request that it continues. */
  readonly request: string;
  readonly indexId: string;
  readonly before: number;
  readonly after: {
    readonly number: number;
    readonly score: number;
    readonly keys: readonly (number | string | null)[];
  };
  readonly query?: (RankedQuery & { readonly idfs: readonly number[] }) | undefined;
}

/** A cursor is no secret and no permission: what may be seen is decided anew for every page. */
export function encodeCursor(cursor: Cursor): string {
  return deflateRawSync(JSON.stringify({ version: 1, ...cursor })).toString('base64url');
}

/** @throws AppError 400 for anything but a cursor of this request */
export function decodeCursor(text: string, request: string): Cursor {
  const cursor = Cursor.safeParse(unpack(text));
  if (!cursor.success) throw cursorInvalid('this is not a cursor of this service');
  if (cursor.data.request !== request) throw cursorInvalid('the cursor belongs to another request');
  const { query } = cursor.data;
  if (query && query.idfs.length !== (query.clauses?.length ?? 0))
    throw cursorInvalid('this is not a cursor of this service');
  return cursor.data as Cursor;
}

/** A fingerprint of what must stay the same from page to page. */
export function fingerprint(request: object): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('base64url').slice(0, 22);
}

function unpack(text: string): unknown {
  try {
    return JSON.parse(inflateRawSync(Buffer.from(text, 'base64url'), { maxOutputLength: MAX_CURSOR_BYTES }).toString());
  } catch {
    return undefined;
  }
}
