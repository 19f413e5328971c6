import type { Postgres } from '@genai-platform/common';
import type { Metadata } from '../domain/lexical/indexed-document.ts';
import type { Caller } from './caller.ts';
import { lockCollection } from './collection-rows.ts';
import { noteChanges } from './remove-documents.ts';

/** What can be changed of a document that is there; what is undefined stays. */
export interface DocumentChange {
  readonly metadata?: Metadata | undefined;
  readonly acl?: readonly string[] | undefined;
}

/** Changes a document so that the next query knows it. @returns false where it has gone meanwhile */
export async function changeDocument(
  db: Postgres,
  caller: Caller,
  { collection, id }: { readonly collection: string; readonly id: string },
  { metadata, acl }: DocumentChange,
): Promise<boolean> {
  return await db.withTransaction({ identity: caller }, async (tx) => {
    await lockCollection(tx, caller, collection);
    const row = await tx.row<{ number: string | null }>(
      `UPDATE documents SET metadata = coalesce($3, metadata), acl = coalesce($4, acl), updated_at = now()
        WHERE tenant = $1 AND id = $2 RETURNING number`,
      [caller.tenant, id, metadata && JSON.stringify(metadata), acl],
    );
    if (row === undefined) return false;
    if (row.number !== null) await noteChanges(tx, caller, collection, { kind: 'changed', documents: [row.number] });
    return true;
  });
}
