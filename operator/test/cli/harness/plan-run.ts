import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Plan } from '../../../src/cli/plan/plan.ts';
import type { Place } from '../../platform/harness/place.ts';
import type { World } from '../../platform/harness/world.ts';
import type { CliRun } from './cli-run.ts';
import { cli, fileOf } from './cli-run.ts';

/** Runs `plan` for the platform `acme` of a place. */
export async function runPlan(
  { plane }: World,
  place: Place,
  spec: GenAIPlatformSpec,
  ...flags: string[]
): Promise<CliRun> {
  const file = await fileOf(place, spec);
  return cli(['plan', '-f', file, '--force-conflicts', ...flags], { kubeconfig: plane.kubeconfig });
}

/** The same, as the plan that it prints; nothing may go wrong. */
export async function readPlan(world: World, place: Place, spec: GenAIPlatformSpec): Promise<Plan> {
  const { out, err } = await runPlan(world, place, spec, '-o', 'json');
  expect(err).toBe('');
  return JSON.parse(out) as Plan;
}
