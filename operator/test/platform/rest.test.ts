import { restWrites } from './harness/rest.ts';
import { World, auditPolicy } from './harness/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.start({ auditPolicy });
});

afterAll(() => world.stop());

test('a platform at rest costs no write, however often it is looked at', async () => {
  const { resyncs, writes } = await restWrites(world, { platforms: 2, resyncs: 100 });
  expect(resyncs).toBeGreaterThanOrEqual(200);
  expect(writes).toEqual([]);
});
