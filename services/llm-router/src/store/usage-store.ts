import type { Eraser, Postgres } from '@genai-platform/common';

export interface UsageKey {
  /** Milliseconds since the epoch. */
  readonly hour: number;
  readonly tenant: string;
  readonly subject: string;
  /** The id of the API key; empty without one. */
  readonly api_key: string;
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
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  readonly estimated: number;
  readonly cost_micros: number;
}

export const usageGroups = ['day', 'hour', 'model', 'target', 'user', 'api_key', 'operation'] as const;
export type UsageGroup = (typeof usageGroups)[number];

const EXPRESSIONS: Readonly<Record<UsageGroup, string>> = {
  day: `to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
  hour: `to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:00"Z"')`,
  model: 'model',
  target: 'target',
  user: 'subject',
  api_key: 'api_key',
  operation: 'operation',
};
const KEYS = ['hour', 'tenant', 'subject', 'api_key', 'model', 'target', 'operation', 'price_version'] as const;
export const usageCounts = [
  'requests',
  'failures',
  'cache_hits',
  'prompt_tokens',
  'completion_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'estimated',
  'cost_micros',
] as const satisfies readonly (keyof UsageCounts)[];
const COLUMNS = [...KEYS, ...usageCounts].join(', ');
const ADDED = usageCounts.map((name) => `${name} = u.${name} + EXCLUDED.${name}`).join(', ');
const INSERT_OR_ADD = {
  into: `INSERT INTO usage_counts AS u (${COLUMNS})`,
  orAdd: `ON CONFLICT (tenant, hour, subject, api_key, model, target, operation, price_version) DO UPDATE SET ${ADDED}`,
};
/** What the version before has no columns for, in the order of all columns. */
const EARLIER = [...KEYS, ...usageCounts]
  .map((name) => {
    if (name === 'api_key') return `''`;
    return ['cache_read_tokens', 'cache_write_tokens', 'estimated'].includes(name) ? '0' : name;
  })
  .join(', ');
const ALL = `(SELECT ${COLUMNS} FROM usage_counts UNION ALL SELECT ${EARLIER} FROM usage_hours)`;
const MOST_GROUPS = 1_000;

export interface UsageQuery {
  readonly tenant: string;
  /** Of one user alone. */
  readonly subject?: string | undefined;
  /** Of one API key alone. */
  readonly apiKey?: string | undefined;
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
      ...[...KEYS.slice(1), ...usageCounts].map((name) => rows.map((row) => row[name])),
    ];
    const types = ['timestamptz', ...KEYS.slice(1).map(() => 'text'), ...usageCounts.map(() => 'bigint')];
    const parameters = types.map((type, index) => `$${String(index + 1)}::${type}[]`).join(', ');
    await this.#db.rows(
      { retries: 3 },
      `${INSERT_OR_ADD.into} SELECT * FROM unnest(${parameters}) ${INSERT_OR_ADD.orAdd}`,
      columns,
    );
  }

  async read({ tenant, subject, apiKey, groupBy, from, to }: UsageQuery): Promise<({ group: string } & UsageCounts)[]> {
    const sums = usageCounts.map((name) => `sum(${name})::text AS ${name}`).join(', ');
    const rows = await this.#db.rows<Record<string, string>>(
      { readOnly: true },
      `SELECT ${EXPRESSIONS[groupBy]} AS "group", ${sums} FROM ${ALL} AS used
       WHERE tenant = $1 AND hour >= $2 AND hour < $3 AND ($4::text IS NULL OR subject = $4)
         AND ($5::text IS NULL OR api_key = $5)
       GROUP BY 1 ORDER BY 1 LIMIT ${String(MOST_GROUPS)}`,
      [tenant, from, to, subject ?? null, apiKey ?? null],
    );
    return rows.map((row) => ({
      group: row['group'] ?? '',
      ...(Object.fromEntries(usageCounts.map((name) => [name, Number(row[name])])) as unknown as UsageCounts),
    }));
  }

  /** The sums stay, as they are money; whose they were, and with which key, is forgotten. */
  readonly erase: Eraser = async ({ tenant, subject }, signal) => {
    const nobody = KEYS.map((name) => (name === 'subject' || name === 'api_key' ? `''` : name)).join(', ');
    const sums = usageCounts.map((name) => `sum(${name})`).join(', ');
    const theirs = `WHERE tenant = $1 AND subject = $2 AND subject <> ''`;
    const [row] = await this.#db.rows<{ erased: number }>(
      { signal, retries: 3 },
      `WITH earlier AS (DELETE FROM usage_hours ${theirs} RETURNING ${EARLIER}),
       later AS (DELETE FROM usage_counts ${theirs} RETURNING ${COLUMNS}),
       gone (${COLUMNS}) AS (SELECT * FROM earlier UNION ALL SELECT * FROM later),
       kept AS (
         ${INSERT_OR_ADD.into}
         SELECT ${nobody}, ${sums} FROM gone GROUP BY hour, tenant, model, target, operation, price_version
         ${INSERT_OR_ADD.orAdd})
       SELECT count(*)::int AS erased FROM gone`,
      [tenant, subject],
    );
    return row?.erased ?? 0;
  };
}
