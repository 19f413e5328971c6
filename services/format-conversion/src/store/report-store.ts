import type { Postgres } from '@genai-platform/common';
import type { z } from 'zod';
import type { DocumentReport } from '../api/job-schemas.ts';

/** Reports of jobs, one entry a document. */
export class ReportStore {
  readonly #database: Postgres;

  constructor(database: Postgres) {
    this.#database = database;
  }

  /** Keeps the report of a job; that of an earlier attempt is replaced. */
  async save(jobId: string, tenant: string, report: readonly z.input<typeof DocumentReport>[]): Promise<void> {
    await this.#database.rows(
      {},
      `INSERT INTO conversion_reports (job_id, tenant, report) VALUES ($1, $2, $3)
       ON CONFLICT (job_id) DO UPDATE SET report = EXCLUDED.report`,
      [jobId, tenant, JSON.stringify(report)],
    );
  }

  async find(tenant: string, jobId: string): Promise<z.input<typeof DocumentReport>[] | undefined> {
    const [row] = await this.#database.rows<{ report: z.input<typeof DocumentReport>[] }>(
      {},
      'SELECT report FROM conversion_reports WHERE tenant = $1 AND job_id = $2',
      [tenant, jobId],
    );
    return row?.report;
  }
}
