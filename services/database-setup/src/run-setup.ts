import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, ConfigError, Postgres, createLogger, parseConfig, systemClock } from '@genai-platform/common';
import type { Logger } from '@genai-platform/common';
import { DatabaseSetupConfig } from './config.ts';
import { parseSetupPlan } from './domain/setup-plan.ts';
import type { SetupPlan } from './domain/setup-plan.ts';
import { loginsOf } from './domain/setup-statements.ts';
import { retireLogins } from './retire-logins.ts';
import { setUpDatabase } from './set-up-database.ts';

const NAME = 'database-setup';
const CONNECT_DEADLINE_MS = 60_000;
const CONNECT_PAUSE_MS = 1_000;
const STATEMENT_TIMEOUT_MS = 60_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs the job once. @returns the exit status: 0 when the database is as the plan says, 1 with the reason in the log */
export async function runSetup(environment?: Environment): Promise<0 | 1> {
  let log = createLogger({ service: NAME });
  try {
    const config = parseConfig(DatabaseSetupConfig, environment);
    log = createLogger({ service: NAME, version: config.SERVICE_VERSION, level: config.LOG_LEVEL });
    await prepare(config, log);
    return 0;
  } catch (error) {
    if (error instanceof ConfigError) log.fatal({ problems: error.problems }, 'the configuration is invalid');
    else log.fatal({ error }, 'the database could not be prepared');
    return 1;
  }
}

async function prepare(config: DatabaseSetupConfig, log: Logger): Promise<void> {
  const plan = parseSetupPlan(await readFile(config.DATABASE_SETUP_FILE, 'utf8'));
  const passwords = await readPasswords(config.DATABASE_LOGINS_DIR, plan);
  const database = new Postgres({
    config: { ...config, DATABASE_SCHEMA: 'public', DATABASE_POOL_MAX: 1 },
    log,
    name: NAME,
  });
  try {
    await untilReachable(database, log);
    await database.withTransaction({ statementTimeoutMs: STATEMENT_TIMEOUT_MS }, (tx) =>
      setUpDatabase(tx, { plan, passwords }),
    );
    await retireLogins(database, { plan, log });
    log.info(
      { schemas: plan.schemas.map(({ name }) => name), extensions: plan.extensions },
      'the database is prepared',
    );
  } finally {
    await database.close();
  }
}

/** A missing file is said before the database is touched. */
async function readPasswords(folder: string, { schemas }: SetupPlan): Promise<ReadonlyMap<string, string>> {
  const read = async (login: string): Promise<[string, string]> => [
    login,
    (await readFile(join(folder, login, 'password'), 'utf8')).trimEnd(),
  ];
  return new Map(await Promise.all(schemas.flatMap(loginsOf).map(read)));
}

/** A server that has just been created may still be starting. */
async function untilReachable(database: Postgres, log: Logger): Promise<void> {
  const deadlineMs = systemClock.now() + CONNECT_DEADLINE_MS;
  for (;;) {
    try {
      await database.ping();
      return;
    } catch (error) {
      if (!(error instanceof AppError && error.retryable) || systemClock.now() > deadlineMs) throw error;
      log.warn({ error }, 'the database is not reachable yet');
      await systemClock.sleep(CONNECT_PAUSE_MS);
    }
  }
}
