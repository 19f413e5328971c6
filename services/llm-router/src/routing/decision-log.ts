import { LRUCache } from 'lru-cache';
import type { Decision } from './decision.ts';

const KEPT = 5_000;

/** The latest decisions of this process, by request id; older ones make room. */
export class DecisionLog {
  readonly #decisions = new LRUCache<string, Decision>({ max: KEPT });

  add(decision: Decision): void {
    this.#decisions.set(decision.id, decision);
  }

  /** Those of another tenant are as good as none. */
  find(id: string, tenant: string): Decision | undefined {
    const decision = this.#decisions.get(id);
    return decision?.tenant === tenant ? decision : undefined;
  }
}
