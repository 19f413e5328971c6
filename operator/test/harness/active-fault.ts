import type { Fault, RequestInfo } from './fault-plan.ts';
import { collectionOf, matches } from './fault-plan.ts';

/** A fault in force: counts what matches, and says which of it is hit. */
export class ActiveFault {
  readonly fault: Fault;
  /** How many requests it has hit. */
  hits = 0;
  readonly #counts = new Map<string, { seen: number; hits: number }>();

  constructor(fault: Fault) {
    this.fault = fault;
  }

  /** Counts the request, and tells whether it is to be hit. */
  hitBy(request: RequestInfo, dice: () => number): boolean {
    const { match, each = false, chance = 1 } = this.fault;
    if (!matches(match, request)) return false;
    const scope = [request.verb, collectionOf(request), request.name, request.subresource].join(' ');
    const count = this.#countOf(each ? scope : '');
    count.seen += 1;
    if (!this.#isTurn(count) || (chance < 1 && dice() >= chance)) return false;
    count.hits += 1;
    this.hits += 1;
    return true;
  }

  #isTurn({ seen, hits }: { readonly seen: number; readonly hits: number }): boolean {
    return seen >= (this.fault.nth ?? 1) && hits < (this.fault.times ?? Number.POSITIVE_INFINITY);
  }

  #countOf(scope: string): { seen: number; hits: number } {
    let count = this.#counts.get(scope);
    if (!count) this.#counts.set(scope, (count = { seen: 0, hits: 0 }));
    return count;
  }
}
