import {
  Jobs,
  Postgres,
  PostgresIdempotencyStore,
  SsrfGuard,
  type IdempotencyStore,
  type ServiceContext,
} from '@genai-platform/common';
import type { FormatConversionConfig } from './config.ts';
import { Converter } from './converter.ts';
import { defaultLimits } from './domain/limits.ts';
import { batchJob } from './jobs/batch-job.ts';
import { convertJob } from './jobs/convert-job.ts';
import type { JobParts } from './jobs/job-parts.ts';
import { createPool } from './pool/create-pool.ts';
import { ReportStore } from './store/report-store.ts';

/** What the routes work with. */
export interface Deps extends JobParts {
  readonly context: ServiceContext;
  readonly config: FormatConversionConfig;
  readonly database: Postgres;
  readonly idempotency: IdempotencyStore;
  readonly jobs: Jobs;
}

/** How long conversions may take to end when the process stops; jobs go to another process anyway. */
const STOP_MS = 5_000;

/** Opens the database, starts the workers and begins to work on jobs. */
export function createDeps(config: FormatConversionConfig, context: ServiceContext): Deps {
  const { name, lifecycle, log, metrics } = context;
  const database = new Postgres({ config, log, name, metrics });
  lifecycle.onClose('database', () => database.close());
  const pool = createPool(config);
  lifecycle.onClose('workers', () => pool.close(STOP_MS));
  const guard = new SsrfGuard();
  lifecycle.onClose('addresses', () => guard.close());
  const parts: JobParts = {
    guard,
    converter: new Converter({ pool, limits: { ...defaultLimits, pages: config.CONVERT_MAX_PAGES }, metrics }),
    reports: new ReportStore(database),
    maxBytes: config.CONVERT_MAX_DOCUMENT_BYTES,
  };
  const jobs = createJobs(config, context, database, parts);
  jobs.start();
  return {
    ...parts,
    context,
    config,
    database,
    idempotency: new PostgresIdempotencyStore({ database, log, lifecycle }),
    jobs,
  };
}

/** Jobs leave half of the workers to requests that somebody waits for. */
function createJobs(
  config: FormatConversionConfig,
  context: ServiceContext,
  database: Postgres,
  parts: JobParts,
): Jobs {
  return new Jobs({
    context,
    database,
    kinds: { convert: convertJob(parts), batch: batchJob(parts) },
    path: '/v1/convert/jobs',
    scopes: { read: ['convert:read'], write: ['convert:write'] },
    concurrency: Math.max(1, Math.floor(config.CONVERT_WORKERS / 2)),
  });
}
