import type { Account, Grant, LeaseReport } from '../store/quota-ledger.ts';

/** Who keeps the accounts. */
export interface LeaseSource {
  reserve(account: Account, amount: number, share: { least: number; wanted: number }): Promise<Grant>;
}

/** A lease is at most this part of an amount. */
const SHARE = 64;
/** So long a refusal holds for whoever needs as much or more. */
const REFUSED_MS = 200;

/**
 * What this process holds of one account: reserved there, handed out to requests here. Most requests find enough and
 * ask nobody; those that do not wait for one question, not for one each.
 */
export class Lease {
  readonly account: Account;
  /** When its account ends, for those who read. */
  readonly resetsAt: string;
  readonly #source: LeaseSource;
  /** Reserved, and nobody's yet. */
  #free = 0;
  #inFlight = 0;
  #spent = 0;
  #settled = 0;
  #asking: Promise<Grant> | undefined;
  #used = true;
  #refused: { readonly least: number; readonly atMs: number } | undefined;
  /** Of the amount, when last asked. */
  left: number | undefined;

  constructor(account: Account, source: LeaseSource) {
    this.account = account;
    this.resetsAt = new Date(account.endsAtMs).toISOString();
    this.#source = source;
  }

  /** @returns whether `wanted` is there to be used now; whoever gets it has to `settle` */
  take(wanted: number, amount: number): boolean | Promise<boolean> {
    return this.#hand(wanted) || this.#grow(wanted, amount);
  }

  /** What was taken has been used, all of it, in part, or more. */
  settle(taken: number, used: number): void {
    this.#inFlight -= taken;
    this.#spent += used;
    this.#settled += Math.min(taken, used);
    this.#free += Math.max(0, taken - used);
    this.#used = true;
  }

  /** What is to be told the ledger; what is free and was not needed since the last time is given back. */
  report(giveBack: boolean): LeaseReport | undefined {
    const returned = giveBack || !this.#used ? this.#free : 0;
    const report = {
      account: this.account,
      spent: this.#spent,
      settled: this.#settled,
      returned,
      inFlight: this.#inFlight,
    };
    this.#free -= returned;
    this.#spent = 0;
    this.#settled = 0;
    this.#used = false;
    return report.spent + report.settled + returned + report.inFlight + this.#free === 0 ? undefined : report;
  }

  /** A report that did not arrive is part of the next. */
  restore({ spent, settled, returned }: LeaseReport): void {
    this.#spent += spent;
    this.#settled += settled;
    this.#free += returned;
  }

  get idle(): boolean {
    return this.#free + this.#inFlight + this.#spent + this.#settled === 0 && this.#asking === undefined;
  }

  #hand(wanted: number): boolean {
    if (this.#free < wanted) return false;
    this.#free -= wanted;
    this.#inFlight += wanted;
    this.#used = true;
    return true;
  }

  async #grow(wanted: number, amount: number): Promise<boolean> {
    for (;;) {
      if (this.#isRefused(wanted - this.#free)) return false;
      if (this.#asking !== undefined) {
        await this.#asking;
        if (this.#hand(wanted)) return true;
        continue;
      }
      const share = { least: wanted - this.#free, wanted: Math.max(wanted - this.#free, Math.floor(amount / SHARE)) };
      this.#asking = this.#source.reserve(this.account, amount, share);
      try {
        const { granted, left } = await this.#asking;
        this.#free += granted;
        this.left = left;
        if (this.#hand(wanted)) return true;
        if (granted > 0) continue;
        this.#refused = { least: share.least, atMs: performance.now() };
        return false;
      } finally {
        this.#asking = undefined;
      }
    }
  }

  #isRefused(least: number): boolean {
    return (
      this.#refused !== undefined && this.#refused.least <= least && performance.now() - this.#refused.atMs < REFUSED_MS
    );
  }
}
