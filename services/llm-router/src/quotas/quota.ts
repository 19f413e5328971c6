/** What is counted: millionths of the currency, tokens in and out, or requests. */
export const quotaUnits = ['micros', 'tokens', 'requests'] as const;
export type QuotaUnit = (typeof quotaUnits)[number];

export const quotaPeriods = ['minute', 'hour', 'day', 'month'] as const;
export type QuotaPeriod = (typeof quotaPeriods)[number];

/** Whose use is added up: that of a whole tenant, or of each user. */
export const quotaOwners = ['tenant', 'user'] as const;
export type QuotaOwner = (typeof quotaOwners)[number];

/** So much of something in each period. */
export interface Quota {
  readonly per: QuotaOwner;
  readonly unit: QuotaUnit;
  readonly period: QuotaPeriod;
  readonly amount: number;
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
