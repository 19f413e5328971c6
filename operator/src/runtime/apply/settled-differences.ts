import type { Plan } from './plan.ts';

// Entries are made only where the comparison knows less than the API server, so that a handful is the rule.
const limit = 10_000;

/**
 * Differences of which the API server itself said that they are none: it was given the object and changed nothing.
 * Without this memory one field that the comparison misjudges would be written at every look. An object that changes in
 * any other respect has other differences, and is written again.
 */
export class SettledDifferences {
  readonly #byUid = new Map<string, string>();

  covers(uid: string, plan: Plan): boolean {
    return this.#byUid.get(uid) === textOf(plan);
  }

  add(uid: string, plan: Plan): void {
    const oldest = this.#byUid.size >= limit ? this.#byUid.keys().next().value : undefined;
    if (oldest !== undefined) this.#byUid.delete(oldest);
    this.#byUid.set(uid, textOf(plan));
  }
}

function textOf(plan: Plan): string {
  return `${plan.digest} ${JSON.stringify(plan.differences.map(({ path, found }) => [path, found]))}`;
}
