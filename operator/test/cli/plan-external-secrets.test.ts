import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Plan } from '../../src/cli/plan/plan.ts';
import { installForeignKinds } from '../platform/harness/foreign-kinds.ts';
import type { Place } from '../platform/harness/place.ts';
import type { World } from '../platform/harness/world.ts';
import { cli, fileOf } from './harness/cli-run.ts';
import { startCliWorld } from './harness/cli-world.ts';

const remote = (secretKey: string) => ({ secretKey, remoteRef: { key: `acme/${secretKey}` } });
const dev: GenAIPlatformSpec = { profile: 'dev' };
const stored: GenAIPlatformSpec = {
  ...dev,
  secrets: {
    authKeys: { secretRef: { name: 'stored' } },
    externalSecrets: [{ name: 'stored', secretStoreRef: { name: 'vault' }, data: [remote('signing-key')] }],
  },
};
let world: World;

beforeAll(async () => {
  world = await startCliWorld();
});

afterAll(() => world.stop());

async function planOf(place: Place, spec: GenAIPlatformSpec): Promise<Plan> {
  const file = await fileOf(place, spec);
  const { out, err } = await cli(['plan', '-f', file, '-o', 'json'], { kubeconfig: world.plane.kubeconfig });
  expect(err).toBe('');
  return JSON.parse(out) as Plan;
}

test('where external-secrets is not installed the plan says that it would stop there; where it is, what it asks for', async () => {
  const place = await world.place();
  const without = await planOf(place, stored);
  expect(without.stopsAt).toMatchObject({ reason: 'ExternalSecretsNotInstalled' });
  await installForeignKinds(world.plane);
  const plan = await planOf(place, stored);
  expect(plan.changes).toContainEqual({ action: 'create', kind: 'ExternalSecret', name: 'stored' });
  expect(plan.stopsAt).toMatchObject({ reason: 'ExternalSecretPending' });
});
