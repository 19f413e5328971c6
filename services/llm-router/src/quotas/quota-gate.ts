import { AppError } from '@genai-platform/common';
import type { Clock, Logger } from '@genai-platform/common';
import type { Account, QuotaLedger } from '../store/quota-ledger.ts';
import { Lease } from './lease.ts';
import type { QuotaBook } from './quota-book.ts';
import { periodAt, quotaSubject, type Quota, type QuotaCaller, type QuotaOwner, type QuotaUnit } from './quota.ts';

/** How much of each unit a request takes. */
export type Amounts = Readonly<Record<QuotaUnit, number>>;

/** What a decision tells of a quota that its request was counted against. */
export interface QuotaState {
  readonly per: Quota['per'];
  readonly unit: QuotaUnit;
  readonly period: Quota['period'];
  readonly amount: number;
  /** Set aside for the request before it was answered. */
  readonly reserved: number;
  /** What nobody had spent or set aside, when this process last asked. */
  readonly left: number;
  readonly resets_at: string;
}

/** Use that has been set aside; `settle` says what came of it, and has to be called. */
export interface Admission {
  readonly quotas: readonly QuotaState[];
  settle(used: Amounts): void;
}

export interface QuotaGateOptions {
  readonly book: QuotaBook;
  readonly ledger: QuotaLedger;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether requests go on uncounted while the database is away; otherwise they are refused. */
  readonly openWithoutDatabase: boolean;
}

const REPORT_MS = 500;
const NOTHING: Amounts = { micros: 0, tokens: 0, requests: 0 };
const FREE: Admission = { quotas: [], settle: () => undefined };

interface Taken {
  readonly quota: Quota;
  readonly lease: Lease;
  readonly amount: number;
}

/** Lets requests in that the quotas of their tenant, user and API key have room for. */
export class QuotaGate {
  readonly #options: QuotaGateOptions;
  readonly #leases = new Map<string, Lease>();
  readonly #periods = new Map<Quota['period'], ReturnType<typeof periodAt>>();
  readonly #timer: NodeJS.Timeout;
  #reporting: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(options: QuotaGateOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#report(false), REPORT_MS).unref();
  }

  /**
   * @param amounts that the request may take; asked for only where there is a quota
   * @throws AppError 429 that says which quota is used up, and until when; 503 while nobody can tell
   */
  admit(who: QuotaCaller, amounts: () => Amounts): Admission | Promise<Admission> {
    const quotas = this.#options.book.of(who.tenant);
    if (quotas instanceof Promise)
      return quotas.then((known) => (known.length === 0 ? FREE : this.#admit(who, known, amounts())));
    return quotas.length === 0 ? FREE : this.#admit(who, quotas, amounts());
  }

  /** Settles everything and gives back what is held. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#reporting;
    await this.#report(true);
  }

  async #admit(who: QuotaCaller, quotas: readonly Quota[], wanted: Amounts): Promise<Admission> {
    const taken: Taken[] = [];
    try {
      for (const quota of quotas) {
        const lease = this.#lease(who, quota);
        if (lease === undefined) continue;
        const amount = wanted[quota.unit];
        const has = lease.take(amount, quota.amount);
        if (has === true || (await this.#answer(has))) taken.push({ quota, lease, amount });
        else throw usedUp(who, quota, lease, amount);
      }
    } catch (error) {
      settle(taken, NOTHING);
      throw error;
    }
    let isOpen = true;
    return {
      quotas: taken.map(stateOf),
      settle: (used) => {
        if (isOpen) settle(taken, used);
        isOpen = false;
      },
    };
  }

  async #answer(has: boolean | Promise<boolean>): Promise<boolean> {
    try {
      return await has;
    } catch (error) {
      this.#options.log.warn({ error }, 'a quota could not be asked for');
      if (this.#options.openWithoutDatabase) return true;
      throw new AppError('LLM_QUOTA_UNKNOWN', {
        status: 503,
        detail: 'whether the budget has room cannot be told now: try again soon',
        retryAfterSeconds: 5,
        cause: error,
      });
    }
  }

  /** Undefined where the quota does not concern the caller. */
  #lease(who: QuotaCaller, { per, unit, period }: Quota): Lease | undefined {
    const { tenant } = who;
    const subject = quotaSubject(per, who);
    if (subject === undefined) return undefined;
    const { startsAtMs, endsAtMs } = this.#now(period);
    const key = `${unit}/${period}/${String(startsAtMs)}/${String(tenant.length)}/${tenant}${subject}`;
    let lease = this.#leases.get(key);
    if (lease === undefined) {
      const account: Account = { tenant, subject, unit, period, startsAtMs, endsAtMs };
      lease = new Lease(account, this.#options.ledger);
      this.#leases.set(key, lease);
    }
    return lease;
  }

  /** The period that it is, looked up anew when it has ended: a calendar costs more than all else here. */
  #now(period: Quota['period']): ReturnType<typeof periodAt> {
    const nowMs = this.#options.clock.now();
    const known = this.#periods.get(period);
    if (known !== undefined && known.startsAtMs <= nowMs && nowMs < known.endsAtMs) return known;
    const current = periodAt(period, nowMs);
    this.#periods.set(period, current);
    return current;
  }

  #report(giveBack: boolean): Promise<void> {
    if (this.#busy) return this.#reporting;
    this.#busy = true;
    this.#reporting = this.#bring(giveBack).finally(() => (this.#busy = false));
    return this.#reporting;
  }

  async #bring(giveBack: boolean): Promise<void> {
    const found = [...this.#leases].flatMap(([key, lease]) => {
      const report = lease.report(giveBack);
      if (report === undefined && lease.idle) this.#leases.delete(key);
      return report === undefined ? [] : [{ place: placeOf(lease.account), lease, report }];
    });
    if (found.length === 0) return;
    // In one order everywhere, so that two processes do not wait for each other.
    found.sort((a, b) => (a.place < b.place ? -1 : 1));
    try {
      await this.#options.ledger.report(found.map(({ report }) => report));
    } catch (error) {
      this.#options.log.warn({ error }, 'what was used could not be brought to the database; it is tried again');
      for (const { lease, report } of found) lease.restore(report);
    }
  }
}

function placeOf({ tenant, subject, unit, period, startsAtMs }: Account): string {
  return JSON.stringify([tenant, subject, unit, period, startsAtMs]);
}

function settle(taken: readonly Taken[], used: Amounts): void {
  for (const { quota, lease, amount } of taken) lease.settle(amount, used[quota.unit]);
}

function stateOf({ quota, lease, amount }: Taken): QuotaState {
  const { per, unit, period, amount: all } = quota;
  return { per, unit, period, amount: all, reserved: amount, left: lease.left ?? 0, resets_at: lease.resetsAt };
}

const WORDS: Readonly<Record<QuotaUnit, string>> = {
  micros: 'budget',
  tokens: 'limit of tokens',
  requests: 'limit of requests',
};

const OWNERS: Readonly<Record<QuotaOwner, (who: QuotaCaller) => string>> = {
  tenant: ({ tenant }) => `the tenant ${tenant}`,
  user: ({ subject }) => `the user ${subject}`,
  api_key: ({ apiKey }) => `the API key ${apiKey ?? ''}`,
};

function usedUp(who: QuotaCaller, quota: Quota, lease: Lease, wanted: number): AppError {
  const { per, unit, period, amount } = quota;
  const until = new Date(lease.account.endsAtMs);
  const seconds = Math.max(1, Math.ceil((lease.account.endsAtMs - Date.now()) / 1_000));
  const unitWord = unit === 'micros' ? 'millionths' : unit;
  return new AppError(unit === 'micros' ? 'LLM_BUDGET_EXCEEDED' : 'LLM_LIMIT_EXCEEDED', {
    status: 429,
    detail:
      `the ${WORDS[unit]} of ${OWNERS[per](who)}, ${String(amount)} ${unitWord} a ${period}, has no room until ${until.toISOString()}: ` +
      `${String(lease.left ?? 0)} are left, and the request may take ${String(wanted)}`,
    retryAfterSeconds: seconds,
    // A client that tries again within minutes finds the same.
    retryable: seconds <= 60,
  });
}
