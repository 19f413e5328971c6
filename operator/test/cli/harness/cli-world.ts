import { template } from '../../../../test/charts/helm.ts';
import type { ControlPlaneOptions } from '../../../../test/harness/control-plane.ts';
import { SYSTEM } from '../../platform/harness/install-chart.ts';
import { World } from '../../platform/harness/world.ts';

/** A world in which the operator runs and can be found: with the chart's Deployment, of which no pod starts. */
export async function startCliWorld(options: ControlPlaneOptions = {}): Promise<World> {
  const world = await World.start(options);
  const objects = await template('genai-operator', { namespace: SYSTEM });
  const deployment = objects.find(({ kind }) => kind === 'Deployment');
  await world.plane.request('POST', `/apis/apps/v1/namespaces/${SYSTEM}/deployments`, deployment);
  await world.startOperator();
  return world;
}
