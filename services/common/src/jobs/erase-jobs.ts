import type { Postgres } from '../clients/postgres.ts';
import type { Eraser } from '../erasure.ts';

/** Erases the jobs that a user began, with input, output, events and what refers to them. A running one is cut off. */
export const eraseJobs =
  (database: Postgres): Eraser =>
  async ({ tenant, subject }, signal) => {
    const sql = 'DELETE FROM jobs WHERE tenant = $1 AND subject = $2 RETURNING 1 AS gone';
    return (await database.rows({ signal, identity: { tenant, subject } }, sql, [tenant, subject])).length;
  };
