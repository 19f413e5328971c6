import type { Migration } from '../clients/migrations.ts';

/**
 * The tables of long jobs, for `runService({ tables: [jobTables] })`. `due_at` is when a queued job may begin, and for a
 * running one when its worker is taken for dead: in both cases the moment from which a worker may take it.
 */
export const jobTables: Migration = {
  name: 'kit-0002-jobs',
  sql: `CREATE TABLE jobs (
  id text PRIMARY KEY,
  kind text NOT NULL,
  tenant text NOT NULL,
  subject text NOT NULL,
  status text NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  input jsonb NOT NULL,
  payload bytea,
  result jsonb,
  output bytea,
  output_type text,
  problem jsonb,
  progress real NOT NULL DEFAULT 0,
  attempts int NOT NULL DEFAULT 0,
  cancel_requested boolean NOT NULL DEFAULT false,
  owner uuid,
  due_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  expires_at timestamptz,
  webhook jsonb,
  webhook_attempts int NOT NULL DEFAULT 0,
  webhook_due_at timestamptz
);
CREATE INDEX jobs_due ON jobs (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX jobs_by_tenant ON jobs (tenant, id);
CREATE INDEX jobs_expired ON jobs (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX jobs_webhook_due ON jobs (webhook_due_at) WHERE webhook_due_at IS NOT NULL;
CREATE TABLE job_events (
  job_id text NOT NULL REFERENCES jobs ON DELETE CASCADE,
  sequence int NOT NULL,
  event text NOT NULL,
  data jsonb NOT NULL,
  PRIMARY KEY (job_id, sequence)
);`,
};
