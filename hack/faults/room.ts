import type { World } from '../../operator/test/platform/harness/world.ts';
import type { References } from './references.ts';

/** How one plan ended. */
export interface Verdict {
  /** By which it can be run again: `npm run faults -- --plan ID --seed SEED`. */
  readonly plan: string;
  /** What it did, in words. */
  readonly what: string;
  /** What is not as it must be; empty if all is well. */
  readonly problems: readonly string[];
}

/** Where plans are run, and how. */
export interface Room {
  readonly world: World;
  readonly references: References;
  readonly seed: number;
  /** How many plans run side by side. */
  readonly atOnce: number;
  /** Only what runs with every change, with waits cut to what shows the effect. */
  readonly quick: boolean;
  /** Beginnings of the names of the wanted plans; empty: all. */
  readonly plans: readonly string[];
  /** Of an enumeration, every m-th plan from the n-th. */
  readonly sample: { readonly n: number; readonly m: number };
  /** Called with each plan that has ended. */
  readonly report: (verdict: Verdict) => void;
}

/** One plan outside the enumeration, with its own oracle. */
export interface Case {
  /** Within its row: `replaced-while-away`. */
  readonly name: string;
  readonly what: string;
  /** Runs with every change. */
  readonly quick?: boolean;
  /** @returns what is not as it must be. @throws likewise. */
  readonly run: (room: Room) => Promise<readonly string[]>;
}

/** A row of the plan of faults. */
export interface Row {
  /** `1+2`, `3`, … as in `--only`. */
  readonly number: string;
  readonly title: string;
  /** Whether the names of some of its plans begin so. */
  readonly holds: (plan: string) => boolean;
  /** Runs its plans and reports each. */
  readonly run: (room: Room) => Promise<void>;
}

export function isWanted(plan: string, { plans }: Pick<Room, 'plans'>): boolean {
  return plans.length === 0 || plans.some((wanted) => plan.startsWith(wanted));
}

/** A row whose plans are written out. */
export function rowOf(number: string, title: string, cases: readonly Case[]): Row {
  return {
    number,
    title,
    holds: (plan) => cases.some(({ name }) => `${number}/${name}`.startsWith(plan)),
    async run(room) {
      const wanted = cases
        .map((each) => ({ ...each, plan: `${number}/${each.name}` }))
        .filter(({ plan, quick = false }) => isWanted(plan, room) && (quick || !room.quick));
      await sideBySide(room.atOnce, wanted, async ({ plan, what, run }) => {
        room.report({ plan, what, problems: await run(room).catch((error: unknown) => [String(error)]) });
      });
    },
  };
}

/** Works a list off, so many at a time, in its order. */
export async function sideBySide<T>(
  atOnce: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, worker));
}
