import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { PlatformView } from '../../src/cli/view/platform-view.ts';
import type { Place } from '../platform/harness/place.ts';
import { eventually, has, isReady } from '../platform/harness/place.ts';
import type { World } from '../platform/harness/world.ts';
import type { CliRun, Surroundings } from './harness/cli-run.ts';
import { cli, fileOf } from './harness/cli-run.ts';
import { startCliWorld } from './harness/cli-world.ts';

const dev: GenAIPlatformSpec = { profile: 'dev' };
const badGateway: GenAIPlatformSpec = { ...dev, images: { overrides: { gateway: { tag: 'bad' } } } };
let world: World;

beforeAll(async () => {
  world = await startCliWorld();
});

afterAll(() => world.stop());

/** Runs the tool about the platform of a place. */
function run({ namespace }: Place, args: readonly string[], surroundings: Surroundings = {}): Promise<CliRun> {
  return cli([...args, '-n', namespace], { kubeconfig: world.plane.kubeconfig, ...surroundings });
}

async function applied(place: Place, spec: GenAIPlatformSpec, ...flags: string[]): Promise<CliRun> {
  return run(place, ['apply', '-f', await fileOf(place, spec), ...flags]);
}

/** Has pods of the bad image say that it cannot be pulled. */
function refuseBad(place: Place): () => void {
  return place.pods(({ spec }) =>
    spec.containers.some(({ image }) => image.endsWith(':bad'))
      ? { kind: 'waiting', reason: 'ImagePullBackOff', message: 'Back-off pulling image "gateway:bad"' }
      : undefined,
  );
}

test.concurrent(
  'apply waits until the platform is ready, tells its news line by line, and ends with what to do',
  async () => {
    const place = await world.place();
    const { code, out } = await applied(place, dev, '--wait', '--timeout', '90s');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^platform ${place.namespace}/acme created$`, 'm'));
    expect(out).toMatch(/^\d\d:\d\d:\d\d DatabaseReady True/m);
    expect(out).toMatch(/^\d\d:\d\d:\d\d Ready True/m);
    expect(out).toMatch(/next: kubectl .* port-forward svc\/acme-gateway 8000/);
    expect(out).not.toContain('\u001b');
    expect((await applied(place, dev)).out).toBe(`platform ${place.namespace}/acme unchanged\n`);
  },
);

test.concurrent('a platform that cannot become ready ends the waiting, with the words of its pod', async () => {
  const place = await world.place();
  await place.ready(dev);
  refuseBad(place);
  const late = await applied(place, badGateway, '--wait', '--timeout', '1s', '--force-conflicts');
  expect(late.code).toBe(3);
  expect(late.err).toMatch(/not ready within 1 s: .*\nnext: genai-platform status acme/);
  await place.apply({ ...badGateway, rollout: { progressDeadline: '10s', rollbackPolicy: 'Auto' } });
  await place.until(has('Stalled', 'True', 'RolledBack'));
  const stuck = await run(place, ['apply', '-f', await fileOf(place, badGateway), '--wait', '--timeout', '90s']);
  expect(stuck.code).toBe(4);
  expect(stuck.err).toContain('next: genai-platform logs acme');
});

test.concurrent('the status is a tree down to the pods, each failing one with its own words', async () => {
  const place = await world.place();
  await place.ready(dev);
  const good = await run(place, ['status', 'acme']);
  expect(good.code).toBe(0);
  expect(good.out.split('\n')[0]).toMatch(new RegExp(`^✓ ${place.namespace}/acme   ready   version 0.1.0`));
  expect(good.out).toMatch(
    /^├─ ✓ database\n│ {2}└─ ✓ StatefulSet acme-postgres {3}1\/1\n│ {5}└─ ✓ acme-postgres-0 {3}Running/m,
  );
  expect(good.out).toMatch(/^│ {2}[├└]─ ✓ search {3}1\/1 {3}0\.1\.0 {3}answered in \d+ ms$/m);
  expect(good.out.indexOf(' search ')).toBeLessThan(good.out.indexOf(' gateway '));

  refuseBad(place);
  await place.apply(badGateway);
  await eventually(async () => {
    const bad = await run(place, ['status', 'acme']);
    expect(bad.out).toMatch(/✗ gateway {3}1\/1 .*ImagePullFailed/);
    expect(bad.out).toMatch(/✗ acme-gateway-\S+ {3}Pending {3}ImagePullFailed: .*gateway:bad: cannot be pulled/);
    expect(bad.err).toContain('next: genai-platform logs acme');
  }, 20_000);
  const { out } = await run(place, ['status', 'acme', '-o', 'json']);
  const view = JSON.parse(out) as PlatformView;
  expect(view.components.map(({ name }) => name)).toEqual(expect.arrayContaining(['secrets', 'database', 'wave 1', 'edge'])); // prettier-ignore
});

test.concurrent('a live tree is drawn over itself, and Ctrl-C ends it', async () => {
  const place = await world.place();
  await place.ready(dev);
  const interruption = new AbortController();
  const onOutput = (text: string): void => {
    if (text.includes('\u001b[0J')) interruption.abort(new Error('interrupted'));
  };
  const watching = run(place, ['status', 'acme', '--watch'], { live: true, onOutput, signal: interruption.signal });
  await place.apply({ ...dev, services: { search: { replicas: 2 } } });
  const { code, out } = await watching;
  expect(code).toBe(130);
  expect(out).toContain('A\u001b[0J');
});

test.concurrent('goes back to the last good revision, and to a named one', async () => {
  const place = await world.place();
  const first = (await place.ready(dev)).status?.currentRevision ?? '';
  const next: GenAIPlatformSpec = { ...dev, images: { overrides: { gateway: { tag: 'next' } } } };
  const second = (await place.ready(next)).status?.currentRevision ?? '';
  const { out: listed } = await run(place, ['history', 'acme']);
  expect(listed).toMatch(new RegExp(`^2 +${second} .*Good +current, last good`, 'm'));
  expect(listed).toMatch(new RegExp(`^1 +${first} .*Good`, 'm'));

  const back = await run(place, ['rollback', 'acme', '--wait', '--timeout', '90s']);
  expect(back).toMatchObject({ code: 0, out: expect.stringContaining(`goes back to revision ${first}`) as string });
  const { spec, status } = await place.until(isReady);
  expect(status?.currentRevision).toBe(first);
  expect(spec.images?.overrides?.gateway).toBeUndefined();

  expect((await run(place, ['rollback', 'acme', '--to', second, '--wait', '--timeout', '90s'])).code).toBe(0);
  expect((await place.platform()).status?.currentRevision).toBe(second);
  const nowhere = await run(place, ['rollback', 'acme', '--to', 'nowhere']);
  expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('there is no revision nowhere') as string });
});

test.concurrent('suspends, pauses and resumes, and leaves nothing of it in the specification', async () => {
  const place = await world.place();
  const { spec } = await place.ready(dev);
  expect((await run(place, ['suspend', 'acme'])).code).toBe(0);
  await place.until(({ status }) => status?.summary === 'suspended');
  const waiting = await applied(place, { ...dev, gateway: { replicas: 2 } }, '--wait', '--timeout', '60s', '--force-conflicts'); // prettier-ignore
  expect(waiting).toMatchObject({ code: 4, err: expect.stringContaining('genai-platform resume acme') as string });
  await place.apply(dev);
  await run(place, ['pause', 'acme']);
  expect((await place.platform()).spec.rollout).toEqual({ paused: true });
  await run(place, ['resume', 'acme']);
  const after = (await place.platform()).spec;
  expect({ suspend: after.suspend, rollout: after.rollout }).toEqual({ suspend: spec.suspend, rollout: spec.rollout });
  await place.until(isReady);
});

test.concurrent('a protected platform is not deleted', async () => {
  const place = await world.place();
  await place.apply({ ...dev, deletionProtection: true });
  const { code, err } = await run(place, ['delete', 'acme', '--yes']);
  expect(code).toBe(1);
  expect(err).toMatch(/is protected: spec\.deletionProtection is true\nnext: /);
  expect((await place.platform()).metadata.deletionTimestamp).toBeUndefined();
});

test.concurrent('asks before it deletes, says what is lost, and waits until all is gone', async () => {
  const place = await world.place();
  await place.ready({ ...dev, deletionPolicy: 'Delete' });
  const nobody = await run(place, ['delete', 'acme']);
  expect(nobody).toMatchObject({ code: 1, err: expect.stringContaining('say --yes') as string });
  expect(nobody.err).toMatch(/lost for good:\n {2}volume acme-cache-data\n {2}volume acme-postgres-data\n/);
  const doubtful = await run(place, ['delete', 'acme'], { answer: 'no' });
  expect(doubtful.code).toBe(1);
  expect((await place.platform()).metadata.deletionTimestamp).toBeUndefined();
  const sure = await run(place, ['delete', 'acme', '--wait', '--timeout', '60s'], { answer: 'acme' });
  expect(sure).toMatchObject({ code: 0, out: expect.stringContaining(`platform ${place.namespace}/acme is gone`) as string }); // prettier-ignore
});

test.concurrent('what is retained is said to stay', async () => {
  const place = await world.place();
  await place.ready(dev);
  const { err, code } = await run(place, ['delete', 'acme', '--yes']);
  expect(code).toBe(0);
  expect(err).toContain('no data are lost');
  expect(err).toMatch(
    /these stay.*\n {2}volume acme-cache-data\n {2}volume acme-postgres-data\n {2}Secret acme-auth-keys/,
  );
});

test.concurrent('a platform that is not there is told with those that are', async () => {
  const place = await world.place();
  await place.apply({ ...dev, suspend: true });
  for (const command of ['status', 'history', 'rollback', 'delete', 'suspend']) {
    const { code, err } = await run(place, [command, 'acne']);
    expect({ code, err }).toEqual({ code: 1, err: `error: there is no platform acne in namespace ${place.namespace}\nnext: there are: acme\n` }); // prettier-ignore
  }
});
