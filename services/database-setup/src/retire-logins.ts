import pg from 'pg';
import type { Logger, Postgres } from '@genai-platform/common';
import { systemClock } from '@genai-platform/common';
import type { SchemaPlan, SetupPlan } from './domain/setup-plan.ts';
import { removalStatements } from './domain/setup-statements.ts';

const quote = { identifier: pg.escapeIdentifier, literal: pg.escapeLiteral };

/** How long whoever is still connected may go on; the operator has waited for every pod to end before. */
const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 250;

/** What retiring works on. */
export interface RetireInput {
  readonly plan: SetupPlan;
  readonly log: Logger;
}

/**
 * Takes away the logins that the plan retires: first nobody can log in any more, then whoever is connected may finish,
 * then the role goes. Safe to stop anywhere and to run again. A role on which something else depends stays, unusable.
 */
export async function retireLogins(database: Postgres, { plan, log }: RetireInput): Promise<void> {
  for (const schema of plan.schemas) {
    if (schema.retire !== undefined) await retire(database, { schema, login: schema.retire, log });
  }
}

interface Retirement {
  readonly schema: SchemaPlan;
  readonly login: string;
  readonly log: Logger;
}

async function retire(database: Postgres, { schema, login, log }: Retirement): Promise<void> {
  const [role] = await database.rows({}, 'SELECT 1 FROM pg_roles WHERE rolname = $1', [login]);
  if (role === undefined) return;
  await database.withTransaction({}, async (tx) => {
    await tx.query(`ALTER ROLE ${quote.identifier(login)} NOLOGIN PASSWORD NULL`);
    // Without being a member an administrator who is no superuser may not end its sessions.
    await tx.query(`GRANT ${quote.identifier(login)} TO CURRENT_USER`);
  });
  await untilUnused(database, login);
  try {
    await database.withTransaction({}, async (tx) => {
      for (const statement of removalStatements(schema, login, quote)) await tx.query(statement);
    });
    log.info({ login }, 'the login is retired');
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    log.warn({ login, error }, 'the login is retired, and its role stays: something depends on it');
  }
}

/** Waits until no session of the login is left, and ends those that outstay. */
async function untilUnused(database: Postgres, login: string): Promise<void> {
  for (const deadlineMs = systemClock.now() + PATIENCE_MS; systemClock.now() < deadlineMs;) {
    const sessions = await database.rows({}, 'SELECT pid FROM pg_stat_activity WHERE usename = $1', [login]);
    if (sessions.length === 0) return;
    await systemClock.sleep(LOOK_AGAIN_MS);
  }
  await database.rows({}, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [login]);
}
