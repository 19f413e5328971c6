import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import type pg from 'pg';
import type { DatabaseConfig } from '../config-pieces.ts';
import { systemClock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { connectionClass, connectionOptions } from './postgres-connection.ts';
import { isConnectionError } from './postgres-errors.ts';
import { beginStatement } from './transaction.ts';

export interface Migration {
  /** The file's name, such as `0001-indexes.sql`; also the order. */
  readonly name: string;
  readonly sql: string;
}

export interface MigrateOptions {
  readonly config: DatabaseConfig;
  /** Folder of `NNNN-name.sql` files. */
  readonly folder?: URL | undefined;
  /** Migrations that do not come from files: those of the kit's own tables. They run first. */
  readonly included?: readonly Migration[];
  readonly log: Logger;
}

const FILE_NAME = /^\d{4}-[a-z0-9-]+\.sql$/;
const TRANSACTION_CONTROL = /^\s*(?:begin|commit|rollback|start\s+transaction)\b/im;
const CONNECT_DEADLINE_MS = 60_000;
const STATEMENT_TIMEOUT_MS = 600_000;

/**
 * Applies the migrations that are not applied yet, each in a transaction of its own, as the owner of the schema.
 * Safe to run twice, several times at once, and behind a transaction pooler.
 *
 * @returns the names of what was applied
 * @throws Error that names file, line and column of a statement that failed, or a file that changed after it was applied
 */
export async function migrate({ config, folder, included = [], log }: MigrateOptions): Promise<string[]> {
  const migrations = [...included, ...(folder === undefined ? [] : await readMigrations(folder))];
  const client = await connect(config, log);
  const applied: string[] = [];
  try {
    for (const migration of migrations) {
      const startedAtMs = performance.now();
      if (!(await applyOnce(client, config, migration))) continue;
      applied.push(migration.name);
      log.info({ file: migration.name, duration_ms: Math.round(performance.now() - startedAtMs) }, 'migration applied');
    }
  } finally {
    await client.end();
  }
  log.info({ applied: applied.length, known: migrations.length }, 'the schema is up to date');
  return applied;
}

/** Reads the migrations of a folder, in order. @throws Error for a name that gives no order */
export async function readMigrations(folder: URL): Promise<Migration[]> {
  const base = new URL(folder.href.endsWith('/') ? folder.href : `${folder.href}/`);
  const names = (await readdir(base)).filter((name) => name.endsWith('.sql')).sort();
  const wrong = names.find((name) => !FILE_NAME.test(name));
  if (wrong !== undefined) throw new Error(`${wrong} is not named NNNN-name.sql`);
  return await Promise.all(names.map(async (name) => ({ name, sql: await readFile(new URL(name, base), 'utf8') })));
}

async function connect(config: DatabaseConfig, log: Logger): Promise<pg.Client> {
  const Connection = connectionClass(config);
  const deadlineMs = systemClock.now() + CONNECT_DEADLINE_MS;
  for (let attempt = 1; ; attempt += 1) {
    const client = new Connection(connectionOptions(config, 'migrate'));
    client.on('error', (error) => log.warn({ error }, 'the database connection broke'));
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (!isConnectionError(error) || systemClock.now() > deadlineMs) throw error;
      log.warn({ error, attempt }, 'the database is not reachable yet');
      await systemClock.sleep(Math.min(5_000, 250 * 2 ** attempt));
    }
  }
}

async function applyOnce(client: pg.Client, config: DatabaseConfig, migration: Migration): Promise<boolean> {
  const { DATABASE_SCHEMA: schema } = config;
  const checksum = createHash('sha256').update(migration.sql).digest('hex');
  if (TRANSACTION_CONTROL.test(stripBodies(migration.sql))) {
    throw new Error(`${migration.name} begins or ends a transaction; every migration already runs in one`);
  }
  await client.query(beginStatement(schema, { statementTimeoutMs: STATEMENT_TIMEOUT_MS }, schema));
  try {
    // A lock of the transaction, not of the session: the next statement may run on another connection of a pooler.
    await client.query("SELECT pg_advisory_xact_lock(hashtext('genai-migrations'), hashtext($1))", [schema]);
    const isNew = await isUnapplied(client, migration.name, checksum);
    if (isNew) {
      await run(client, migration);
      await client.query('INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)', [migration.name, checksum]);
    }
    await client.query('COMMIT');
    return isNew;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function isUnapplied(client: pg.Client, name: string, checksum: string): Promise<boolean> {
  await client.query(
    `CREATE TABLE IF NOT EXISTS schema_migrations (
       name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
  );
  const { rows } = await client.query<{ checksum: string }>('SELECT checksum FROM schema_migrations WHERE name = $1', [
    name,
  ]);
  const known = rows[0];
  if (known === undefined) return true;
  if (known.checksum === checksum) return false;
  throw new Error(`${name} has changed since it was applied; write a new migration instead`);
}

async function run(client: pg.Client, { name, sql }: Migration): Promise<void> {
  try {
    await client.query(sql);
  } catch (cause) {
    const { message, position, code } = cause as pg.DatabaseError;
    const place = position === undefined ? '' : `, ${lineAndColumn(sql, Number(position))}`;
    throw new Error(`${name}${place}: ${message}${code === undefined ? '' : ` (${code})`}`, { cause });
  }
}

/** @param position counts characters from 1, as PostgreSQL does */
function lineAndColumn(sql: string, position: number): string {
  const lines = [...sql]
    .slice(0, position - 1)
    .join('')
    .split('\n');
  return `line ${lines.length} column ${[...(lines.at(-1) ?? '')].length + 1}`;
}

/** Without comments and the bodies of functions, in which `BEGIN` means a block. */
function stripBodies(sql: string): string {
  return sql.replace(/--.*$/gm, '').replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''");
}
