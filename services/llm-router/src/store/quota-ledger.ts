import { randomUUID } from 'node:crypto';
import type { Eraser, Postgres, Transaction } from '@genai-platform/common';
import type { QuotaPeriod, QuotaUnit } from '../quotas/quota.ts';

/** One owner's use of one unit in one period. */
export interface Account {
  readonly tenant: string;
  /** Empty where the tenant is counted as a whole. */
  readonly subject: string;
  readonly unit: QuotaUnit;
  readonly period: QuotaPeriod;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

export interface Grant {
  readonly granted: number;
  /** Of the amount, what nobody has spent or holds. */
  readonly left: number;
}

/** What a process has done with what it holds of an account since it last said so. */
export interface LeaseReport {
  readonly account: Account;
  /** Spent, and of that, what it had reserved. */
  readonly spent: number;
  readonly settled: number;
  /** Reserved and given back. */
  readonly returned: number;
  readonly inFlight: number;
}

/** A process that says nothing for so long is taken for dead: what was in flight counts as spent, the rest is free again. */
const LEASE_SECONDS = 30;
/** Accounts of times that have passed are kept so long for whoever settles late. */
const KEEP = "interval '1 day'";
/** While so many leases would still fit, a whole one is given; later only what is needed, so that the last is not held idle. */
const PLENTY = 8;

const KEY = 'tenant = $1 AND subject = $2 AND unit = $3 AND period = $4 AND starts_at = $5';

/**
 * Quotas in PostgreSQL. What may be used is reserved before it is used, so that all processes together never use more;
 * each reserves a little in advance, so that most requests ask nobody.
 */
export class QuotaLedger {
  readonly #db: Postgres;
  readonly #holder = randomUUID();

  constructor(db: Postgres) {
    this.#db = db;
  }

  /**
   * Reserves from `least` to `wanted`, or nothing.
   *
   * @param amount that may be spent in the period
   */
  async reserve(
    account: Account,
    amount: number,
    { least, wanted }: { least: number; wanted: number },
  ): Promise<Grant> {
    return await this.#db.withTransaction({ retries: 3 }, async (tx) => {
      await tx.query(
        `INSERT INTO quota_accounts (tenant, subject, unit, period, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING`,
        [...keyOf(account), new Date(account.endsAtMs)],
      );
      const found = await tx.row<{ spent: string; reserved: string }>(
        `SELECT spent, reserved FROM quota_accounts WHERE ${KEY} FOR UPDATE`,
        keyOf(account),
      );
      const lost = await this.#takeOver(tx, account);
      const spent = Number(found?.spent) + lost.spent;
      const reserved = Number(found?.reserved) - lost.reserved;
      const left = amount - spent - reserved;
      const granted = left < least ? 0 : left >= wanted * PLENTY ? Math.max(least, wanted) : least;
      await this.#write(tx, account, { spent, reserved: reserved + granted, granted });
      return { granted, left: Math.max(0, left - granted) };
    });
  }

  /** Brings what was done with what this process holds. */
  async report(reports: readonly LeaseReport[]): Promise<void> {
    await this.#db.withTransaction({ retries: 3 }, async (tx) => {
      for (const report of reports) await this.#reportOne(tx, report);
      await tx.query(`DELETE FROM quota_accounts WHERE ends_at < now() - ${KEEP}`);
    });
  }

  /** What has been spent and is reserved, of all times that are counted in now. */
  async standing(tenant: string, subjects: readonly string[]): Promise<(Account & { used: number })[]> {
    const rows = await this.#db.rows<{
      subject: string;
      unit: QuotaUnit;
      period: QuotaPeriod;
      starts_at: Date;
      ends_at: Date;
      used: string;
    }>(
      { readOnly: true },
      `SELECT subject, unit, period, starts_at, ends_at, spent + reserved AS used FROM quota_accounts
       WHERE tenant = $1 AND subject = ANY ($2) AND ends_at > now() AND starts_at <= now()`,
      [tenant, subjects],
    );
    return rows.map(({ starts_at: starts, ends_at: ends, used, ...row }) => ({
      ...row,
      tenant,
      startsAtMs: starts.getTime(),
      endsAtMs: ends.getTime(),
      used: Number(used),
    }));
  }

  readonly erase: Eraser = async ({ tenant, subject }, signal) => {
    const sql = 'DELETE FROM quota_accounts WHERE tenant = $1 AND subject = $2 RETURNING unit';
    return (await this.#db.rows({ signal }, sql, [tenant, subject])).length;
  };

  /** What processes held that are no more. */
  async #takeOver(tx: Transaction, account: Account): Promise<{ spent: number; reserved: number }> {
    const rows = await tx.rows<{ amount: string; in_flight: string }>(
      `DELETE FROM quota_leases WHERE ${KEY} AND alive_until < now() RETURNING amount, in_flight`,
      keyOf(account),
    );
    return {
      spent: rows.reduce((sum, row) => sum + Math.min(Number(row.in_flight), Number(row.amount)), 0),
      reserved: rows.reduce((sum, row) => sum + Number(row.amount), 0),
    };
  }

  async #write(
    tx: Transaction,
    account: Account,
    { spent, reserved, granted }: { spent: number; reserved: number; granted: number },
  ): Promise<void> {
    await tx.query(`UPDATE quota_accounts SET spent = $6, reserved = $7 WHERE ${KEY}`, [
      ...keyOf(account),
      spent,
      reserved,
    ]);
    if (granted === 0) return;
    await tx.query(
      `INSERT INTO quota_leases AS l (tenant, subject, unit, period, starts_at, holder, amount, alive_until)
       VALUES ($1, $2, $3, $4, $5, $6, $7, now() + interval '${LEASE_SECONDS} seconds')
       ON CONFLICT (tenant, subject, unit, period, starts_at, holder)
       DO UPDATE SET amount = l.amount + EXCLUDED.amount, alive_until = EXCLUDED.alive_until`,
      [...keyOf(account), this.#holder, granted],
    );
  }

  async #reportOne(tx: Transaction, { account, spent, settled, returned, inFlight }: LeaseReport): Promise<void> {
    const values = keyOf(account);
    // The account first, as in `reserve`: two processes must not wait for each other.
    await tx.query(`SELECT 1 FROM quota_accounts WHERE ${KEY} FOR UPDATE`, values);
    const lease = await tx.row<{ amount: string }>(
      `UPDATE quota_leases SET amount = amount - $7, in_flight = $8,
         alive_until = now() + interval '${LEASE_SECONDS} seconds'
       WHERE ${KEY} AND holder = $6 RETURNING amount`,
      [...values, this.#holder, settled + returned, inFlight],
    );
    // Without a lease somebody has taken it over: what was reserved is not reserved any more.
    const freed = lease === undefined ? 0 : settled + returned;
    await tx.query(`UPDATE quota_accounts SET spent = spent + $6, reserved = greatest(0, reserved - $7) WHERE ${KEY}`, [
      ...values,
      spent,
      freed,
    ]);
    if (Number(lease?.amount) <= 0) {
      await tx.query(`DELETE FROM quota_leases WHERE ${KEY} AND holder = $6 AND amount <= 0`, [
        ...values,
        this.#holder,
      ]);
    }
  }
}

function keyOf({ tenant, subject, unit, period, startsAtMs }: Account): unknown[] {
  return [tenant, subject, unit, period, new Date(startsAtMs)];
}
