import pg from 'pg';
import type { Transaction } from '@genai-platform/common';
import { scramVerifier } from './domain/scram-verifier.ts';
import type { SetupPlan } from './domain/setup-plan.ts';
import { loginsOf, schemaStatements } from './domain/setup-statements.ts';

const quote = { identifier: pg.escapeIdentifier, literal: pg.escapeLiteral };

/** What a plan needs beside itself. */
export interface SetupInput {
  readonly plan: SetupPlan;
  /** The password of each login role. */
  readonly passwords: ReadonlyMap<string, string>;
}

/**
 * Makes the database what the plan says, in the caller's transaction: all of it or nothing. Running it again changes
 * nothing but the passwords' salts; two at once wait for each other.
 *
 * @throws Error that names what the server lacks, or what its administrator may not do
 */
export async function setUpDatabase(tx: Transaction, { plan, passwords }: SetupInput): Promise<void> {
  // Roles belong to the whole server, so platforms that share one take turns as well.
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('genai-database-setup'))");
  for (const extension of plan.extensions) await createExtension(tx, extension);
  const roles = await existingRoles(tx, plan);
  for (const schema of plan.schemas) {
    const verifiers = new Map(
      loginsOf(schema).map((login) => [login, scramVerifier(passwords.get(login) ?? missingPassword(login))]),
    );
    for (const statement of schemaStatements(schema, verifiers, roles, quote)) {
      await explained(`schema ${schema.name}`, () => tx.query(statement));
    }
  }
}

function missingPassword(login: string): never {
  throw new Error(`there is no password for the login ${login}`);
}

async function createExtension(tx: Transaction, name: string): Promise<void> {
  const available = await tx.row('SELECT 1 FROM pg_available_extensions WHERE name = $1', [name]);
  if (available === undefined) {
    throw new Error(
      `the database server does not offer the extension "${name}"; install it there ` +
        `(pgvector for "vector": the image pgvector/pgvector:pg17, Debian's postgresql-17-pgvector, RDS 15.2 or newer)`,
    );
  }
  await explained(`extension ${name}`, () => tx.query(`CREATE EXTENSION IF NOT EXISTS ${quote.identifier(name)}`));
}

async function existingRoles(tx: Transaction, plan: SetupPlan): Promise<ReadonlySet<string>> {
  const names = plan.schemas.flatMap((schema) => [schema.owner, ...loginsOf(schema)]);
  const rows = await tx.rows<{ rolname: string }>('SELECT rolname FROM pg_roles WHERE rolname = ANY($1)', [names]);
  return new Set(rows.map(({ rolname }) => rolname));
}

/** The server says what went wrong, but not over which part of the plan. */
async function explained<T>(part: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`${part} could not be prepared: ${said}`, { cause: error });
  }
}
