import type { Eraser, Postgres } from '@genai-platform/common';
import { lockCollection } from './store/collection-rows.ts';
import { removeDocuments } from './store/remove-documents.ts';

const TIMEOUT_MS = 60_000;

/**
 * Erases the documents that only this user could see. What is shared with others is theirs too, and stays; their lists
 * name the user by id alone.
 */
export const eraseDocuments =
  (db: Postgres): Eraser =>
  async (user, signal) => {
    const onlyFor = `user:${user.subject}`;
    const sql = `SELECT DISTINCT collection_id AS key FROM documents WHERE tenant = $1 AND acl = ARRAY[$2]::text[]`;
    const collections = await db.rows<{ key: string }>({ identity: user, signal }, sql, [user.tenant, onlyFor]);
    let erased = 0;
    for (const { key } of collections) {
      erased += await db.withTransaction({ identity: user, signal, statementTimeoutMs: TIMEOUT_MS }, async (tx) => {
        await lockCollection(tx, user, key);
        return (await removeDocuments(tx, user, key, { onlyFor })).length;
      });
    }
    return erased;
  };

/** Erases the files that a user has uploaded. What was taken in from them is found by its own readers. */
export const eraseFiles =
  (db: Postgres): Eraser =>
  async ({ tenant, subject }, signal) => {
    const sql = 'DELETE FROM files WHERE tenant = $1 AND subject = $2 RETURNING 1 AS gone';
    return (await db.rows({ identity: { tenant, subject }, signal }, sql, [tenant, subject])).length;
  };

/** Erases what a user has asked, and was answered. */
export const eraseAnswers =
  (db: Postgres): Eraser =>
  async ({ tenant, subject }, signal) => {
    const sql = 'DELETE FROM answers WHERE tenant = $1 AND subject = $2 RETURNING 1 AS gone';
    return (await db.rows({ identity: { tenant, subject }, signal }, sql, [tenant, subject])).length;
  };
