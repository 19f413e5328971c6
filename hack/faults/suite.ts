import { allowLeases } from '../../operator/test/platform/harness/allow-leases.ts';
import { World, auditPolicy } from '../../operator/test/platform/harness/world.ts';
import { References } from './references.ts';
import type { Room, Row, Verdict } from './room.ts';
import { rows } from './rows.ts';

/** Which part of the suite is run. */
export interface SuiteOptions extends Pick<Room, 'seed' | 'atOnce' | 'quick' | 'plans' | 'sample' | 'report'> {
  /** Numbers of rows; empty: all. */
  readonly only: readonly string[];
}

/** Runs rows of the plan of faults against one control plane, a namespace a plan; returns how each plan ended. */
export async function runSuite({ only, ...options }: SuiteOptions): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const world = await World.start({ auditPolicy });
  const references = new References(world, options.quick);
  await allowLeases(world.plane);
  const report = (verdict: Verdict): void => {
    verdicts.push(verdict);
    options.report(verdict);
  };
  try {
    for (const row of rows.filter((each) => isAsked(each, only, options.plans))) {
      await row.run({ ...options, world, references, report });
    }
  } finally {
    await world.stop();
  }
  return verdicts;
}

function isAsked({ number, holds }: Row, only: readonly string[], plans: readonly string[]): boolean {
  return (only.length === 0 || only.includes(number)) && (plans.length === 0 || plans.some(holds));
}
