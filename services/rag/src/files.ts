import { AppError } from '@genai-platform/common';
import type { Identity, Postgres } from '@genai-platform/common';
import { isAdmin } from './principals.ts';
import { lockCollection } from './store/collection-rows.ts';
import { deleteFile, findFiles } from './store/file-rows.ts';
import type { FileRow } from './store/file-rows.ts';
import { removeDocuments } from './store/remove-documents.ts';

const TIMEOUT_MS = 60_000;

/** Files that the caller may use, in the order of the ids. @throws AppError 404 that names the first one that is missing */
export async function usableFiles(
  db: Postgres,
  identity: Identity,
  ids: readonly string[],
  pointer: string,
): Promise<FileRow[]> {
  const found = new Map((await findFiles(db, identity, ids)).map((file) => [file.id, file]));
  return ids.map((id) => {
    const file = found.get(id);
    if (file !== undefined && (file.subject === identity.subject || isAdmin(identity))) return file;
    throw new AppError('RAG_FILE_MISSING', { status: 404, detail: `there is no file "${id}"`, pointer });
  });
}

/** Removes a file, and what was taken in from it, wherever it is. */
export async function removeFile(db: Postgres, identity: Identity, id: string): Promise<void> {
  const places = await db.rows<{ key: string; ids: string[] }>(
    { identity },
    `SELECT collection_id AS key, array_agg(id) AS ids FROM documents WHERE tenant = $1 AND file_id = $2 GROUP BY 1 ORDER BY 1`,
    [identity.tenant, id],
  );
  await db.withTransaction({ identity, statementTimeoutMs: TIMEOUT_MS, retries: 3 }, async (tx) => {
    for (const { key, ids } of places) {
      await lockCollection(tx, identity, key);
      await removeDocuments(tx, identity, key, { ids });
    }
    await deleteFile(tx, identity, id);
  });
}
