/** What is counted: millionths of the currency, tokens in and out, or requests. */
export const quotaUnits = ['micros', 'tokens', 'requests'] as const;
export type QuotaUnit = (typeof quotaUnits)[number];

export const quotaPeriods = ['minute', 'hour', 'day', 'month'] as const;
export type QuotaPeriod = (typeof quotaPeriods)[number];

/** Whose use is added up: that of a whole tenant, of each user, or of each API key. */
export const quotaOwners = ['tenant', 'user', 'api_key'] as const;
export type QuotaOwner = (typeof quotaOwners)[number];

/** Who asks. */
export interface QuotaCaller {
  readonly tenant: string;
  /** The user; empty where only the tenant's own use is of interest. */
  readonly subject: string;
  /** The id of the API key, if one was shown. */
  readonly apiKey?: string | undefined;
}

/** So much of something in each period. */
export interface Quota {
  readonly per: QuotaOwner;
  readonly unit: QuotaUnit;
  readonly period: QuotaPeriod;
  readonly amount: number;
}

/**
 * Under which name a use is counted among those of the tenant: the tenant's own is empty, a key is told from a user by
 * its mark. Undefined where the quota does not concern the caller.
 */
export function quotaSubject(per: QuotaOwner, { subject, apiKey }: Omit<QuotaCaller, 'tenant'>): string | undefined {
  if (per === 'tenant') return '';
  if (per === 'user') return subject === '' ? undefined : subject;
  return apiKey === undefined ? undefined : `api-key:${apiKey}`;
}

/** The time that is counted in now: calendar minutes, hours, days and months of UTC. Milliseconds since the epoch. */
export function periodAt(
  period: QuotaPeriod,
  nowMs: number,
): { readonly startsAtMs: number; readonly endsAtMs: number } {
  if (period === 'month') {
    const now = new Date(nowMs);
    const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
    return { startsAtMs: Date.UTC(year, month), endsAtMs: Date.UTC(year, month + 1) };
  }
  const length = LENGTHS_MS[period];
  const startsAtMs = Math.floor(nowMs / length) * length;
  return { startsAtMs, endsAtMs: startsAtMs + length };
}

const LENGTHS_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** What tells quotas of one owner apart. */
export function quotaKey({ per, unit, period }: Omit<Quota, 'amount'>): string {
  return `${per}/${unit}/${period}`;
}
