import type { Eraser, Postgres } from '@genai-platform/common';

export interface UsageKey {
  /** Milliseconds since the epoch. */
  readonly hour: number;
  readonly tenant: string;
  readonly subject: string;
  readonly model: string;
  readonly target: string;
  readonly operation: string;
  readonly price_version: string;
}

export interface UsageCounts {
  readonly requests: number;
  readonly failures: number;
  readonly cache_hits: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cost_micros: number;
}

export const usageGroups = ['day', 'hour', 'model', 'target', 'user', 'operation'] as const;
export type UsageGroup = (typeof usageGroups)[number];

const EXPRESSIONS: Readonly<Record<UsageGroup, string>> = {
  day: `to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
  hour: `to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:00"Z"')`,
  model: 'model',
  target: 'target',
  user: 'subject',
  operation: 'operation',
};
const COUNTS = ['requests', 'failures', 'cache_hits', 'prompt_tokens', 'completion_tokens', 'cost_micros'] as const;
const KEYS = ['hour', 'tenant', 'subject', 'model', 'target', 'operation', 'price_version'] as const;
const ADDED = COUNTS.map((name) => `${name} = u.${name} + EXCLUDED.${name}`).join(', ');
const MOST_GROUPS = 1_000;

export interface UsageQuery {
  readonly tenant: string;
  /** Of one user alone. */
  readonly subject?: string | undefined;
  readonly groupBy: UsageGroup;
  readonly from: Date;
  readonly to: Date;
}

/** What was used, by the hour. */
export class UsageStore {
  readonly #db: Postgres;

  constructor(db: Postgres) {
    this.#db = db;
  }

  async add(rows: readonly (UsageKey & UsageCounts)[]): Promise<void> {
    const columns = [
      rows.map(({ hour }) => new Date(hour)),
      ...KEYS.slice(1).map((name) => rows.map((row) => row[name])),
      ...COUNTS.map((name) => rows.map((row) => row[name])),
    ];
    await this.#db.rows(
      { retries: 3 },
      `INSERT INTO usage_hours AS u (${[...KEYS, ...COUNTS].join(', ')})
       SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
         $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
       ON CONFLICT (tenant, hour, subject, model, target, operation, price_version) DO UPDATE SET ${ADDED}`,
      columns,
    );
  }

  async read({ tenant, subject, groupBy, from, to }: UsageQuery): Promise<({ group: string } & UsageCounts)[]> {
    const sums = COUNTS.map((name) => `sum(${name})::text AS ${name}`).join(', ');
    const rows = await this.#db.rows<Record<string, string>>(
      { readOnly: true },
      `SELECT ${EXPRESSIONS[groupBy]} AS "group", ${sums} FROM usage_hours
       WHERE tenant = $1 AND hour >= $2 AND hour < $3 AND ($4::text IS NULL OR subject = $4)
       GROUP BY 1 ORDER BY 1 LIMIT ${String(MOST_GROUPS)}`,
      [tenant, from, to, subject ?? null],
    );
    return rows.map((row) => ({
      group: row['group'] ?? '',
      ...(Object.fromEntries(COUNTS.map((name) => [name, Number(row[name])])) as unknown as UsageCounts),
    }));
  }

  /** The sums stay, as they are money; whose they were is forgotten. */
  readonly erase: Eraser = async ({ tenant, subject }, signal) => {
    const keys = KEYS.map((name) => (name === 'subject' ? `''` : name)).join(', ');
    const sums = COUNTS.map((name) => `sum(${name})`).join(', ');
    const [row] = await this.#db.rows<{ erased: number }>(
      { signal, retries: 3 },
      `WITH gone AS (DELETE FROM usage_hours WHERE tenant = $1 AND subject = $2 AND subject <> '' RETURNING *),
       kept AS (
         INSERT INTO usage_hours AS u (${[...KEYS, ...COUNTS].join(', ')})
         SELECT ${keys}, ${sums} FROM gone GROUP BY hour, tenant, model, target, operation, price_version
         ON CONFLICT (tenant, hour, subject, model, target, operation, price_version) DO UPDATE SET ${ADDED})
       SELECT count(*)::int AS erased FROM gone`,
      [tenant, subject],
    );
    return row?.erased ?? 0;
  };
}
