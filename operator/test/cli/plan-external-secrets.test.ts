import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { installForeignKinds } from '../platform/harness/foreign-kinds.ts';
import type { World } from '../platform/harness/world.ts';
import { startCliWorld } from './harness/cli-world.ts';
import { readPlan } from './harness/plan-run.ts';

const remote = (secretKey: string) => ({ secretKey, remoteRef: { key: `acme/${secretKey}` } });
const stored: GenAIPlatformSpec = {
  profile: 'dev',
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

test('where external-secrets is not installed the plan says that it would stop there; where it is, what it asks for', async () => {
  const place = await world.place();
  const without = await readPlan(world, place, stored);
  expect(without.stopsAt).toMatchObject({ reason: 'ExternalSecretsNotInstalled' });
  await installForeignKinds(world.plane);
  const plan = await readPlan(world, place, stored);
  expect(plan.changes).toContainEqual({ action: 'create', kind: 'ExternalSecret', name: 'stored' });
  expect(plan.stopsAt).toMatchObject({ reason: 'ExternalSecretPending' });
});
