import type { Postgres, ServiceContext } from '@genai-platform/common';
import { QuotaLedger } from '../store/quota-ledger.ts';
import { QuotaStore } from '../store/quota-store.ts';
import { UsageStore } from '../store/usage-store.ts';
import { UsageBook } from '../usage/usage-book.ts';
import { QuotaBook, type ConfiguredQuota } from './quota-book.ts';
import { QuotaGate } from './quota-gate.ts';

/** Everything about what may be used and what was. */
export interface Quotas {
  readonly book: QuotaBook;
  readonly store: QuotaStore;
  readonly ledger: QuotaLedger;
  readonly gate: QuotaGate;
  readonly usage: UsageBook;
  readonly usageStore: UsageStore;
}

export interface QuotaSettings {
  readonly quotas: readonly ConfiguredQuota[];
  readonly openWithoutDatabase: boolean;
}

/** Opens it; what was counted is brought to the database before that is closed. */
export function openQuotas(
  db: Postgres,
  { quotas, openWithoutDatabase }: QuotaSettings,
  { clock, log, lifecycle }: ServiceContext,
): Quotas {
  const store = new QuotaStore(db);
  const ledger = new QuotaLedger(db);
  const book = new QuotaBook(quotas, store, { clock, log });
  const gate = new QuotaGate({ book, ledger, clock, log, openWithoutDatabase });
  const usageStore = new UsageStore(db);
  const usage = new UsageBook(usageStore, { clock, log });
  lifecycle.onClose('quotas', () => gate.close());
  lifecycle.onClose('usage', () => usage.close());
  return { book, store, ledger, gate, usage, usageStore };
}
