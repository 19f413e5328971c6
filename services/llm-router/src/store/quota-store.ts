import type { Postgres } from '@genai-platform/common';
import type { Quota } from '../quotas/quota.ts';

/** The quotas that were set by the API. */
export class QuotaStore {
  readonly #db: Postgres;

  constructor(db: Postgres) {
    this.#db = db;
  }

  async of(tenant: string): Promise<Quota[]> {
    const rows = await this.#db.rows<Omit<Quota, 'amount'> & { amount: string }>(
      { readOnly: true },
      'SELECT per, unit, period, amount FROM quotas WHERE tenant = $1 ORDER BY per, unit, period',
      [tenant],
    );
    return rows.map(({ amount, ...quota }) => ({ ...quota, amount: Number(amount) }));
  }

  /** Puts these in the place of all that the tenant had. */
  async replace(tenant: string, quotas: readonly Quota[]): Promise<void> {
    await this.#db.withTransaction({ retries: 3 }, async (tx) => {
      await tx.query('DELETE FROM quotas WHERE tenant = $1', [tenant]);
      await tx.query(
        `INSERT INTO quotas (tenant, per, unit, period, amount)
         SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[])`,
        [
          tenant,
          quotas.map(({ per }) => per),
          quotas.map(({ unit }) => unit),
          quotas.map(({ period }) => period),
          quotas.map(({ amount }) => amount),
        ],
      );
    });
  }
}
