import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Live, Place } from '../platform/harness/place.ts';
import { eventually } from '../platform/harness/place.ts';
import type { World } from '../platform/harness/world.ts';
import type { CliRun, Surroundings } from './harness/cli-run.ts';
import { cli } from './harness/cli-run.ts';
import { startCliWorld } from './harness/cli-world.ts';
import type { AskedLog } from './harness/kubelet-double.ts';
import { KubeletDouble } from './harness/kubelet-double.ts';

const dev: GenAIPlatformSpec = { profile: 'dev' };
const written = new Map<string, (asked: AskedLog) => string | undefined>();
let world: World;
let kubelet: KubeletDouble;

beforeAll(async () => {
  world = await startCliWorld();
  kubelet = await new KubeletDouble(world.plane, (asked) => written.get(asked.namespace)?.(asked)).start();
});

afterAll(async () => {
  kubelet.stop();
  await world.stop();
});

function run({ namespace }: Place, args: readonly string[], surroundings: Surroundings = {}): Promise<CliRun> {
  return cli([...args, '-n', namespace], { kubeconfig: world.plane.kubeconfig, ...surroundings });
}

type Seen = Live & { readonly status: { readonly phase: string } };

/** Has all pods of a place, or those of one workload, run where logs can be had; returns their names. */
async function bindAll(place: Place, workload?: string): Promise<string[]> {
  const pods = (await place.list<Seen>('pods')).filter(({ metadata, status }) =>
    status.phase !== 'Succeeded' && (workload === undefined || metadata.labels?.['genaiplatform.io/workload'] === workload)); // prettier-ignore
  const names = pods.map(({ metadata }) => metadata.name);
  for (const name of names) await kubelet.bind(place.namespace, name);
  return names;
}

test.concurrent('logs come with the name of their pod, of the services that were asked for', async () => {
  const place = await world.place();
  written.set(place.namespace, ({ pod }) => `first of ${pod}\nlast of ${pod}, without a newline`);
  await place.ready(dev);
  const [search = ''] = await bindAll(place, 'search');
  const { code, out } = await run(place, ['logs', 'acme', 'search']);
  expect({ code, out }).toEqual({
    code: 0,
    out: `${search}/search first of ${search}\n${search}/search last of ${search}, without a newline\n`,
  });
  // The others run on no node: that is told, and takes nothing away.
  const all = await run(place, ['logs', 'acme']);
  expect(all.code).toBe(0);
  expect(all.out).toContain(`${search}/search first of`);
  expect(all.err).toMatch(/acme-gateway-\S+\/gateway cannot be read: /);
  expect((await run(place, ['logs', 'acme', 'nothing'])).err).toContain('no pod of acme has written anything');
});

test.concurrent(
  'of a container that crashed the run before is shown, and of a migration that failed its Job',
  async () => {
    const place = await world.place();
    written.set(place.namespace, ({ pod, previous }) => `${pod}: ${previous ? 'why it crashed' : 'starting'}\n`);
    place.pods(({ metadata }) =>
      metadata.name.startsWith('acme-search-migrate') ? { kind: 'failed', exitCode: 1, message: 'no' } : undefined,
    );
    await place.apply(dev);
    await place.until(({ status }) => status?.conditions?.some(({ reason }) => reason === 'MigrationFailed') ?? false, 50_000); // prettier-ignore
    await bindAll(place).catch(() => undefined); // pods that have ended cannot be bound any more
    const migration = await run(place, ['logs', 'acme', 'search']);
    expect(migration.out + migration.err).toMatch(/acme-search-migrate-\S+/);

    const crashing = await world.place();
    written.set(crashing.namespace, ({ pod, previous }) => (previous ? `${pod} says why it crashed\n` : 'starting\n'));
    crashing.pods(({ metadata }) =>
      metadata.name.startsWith('acme-postgres-0') ? { kind: 'crashing', exitCode: 1, message: 'no' } : undefined,
    );
    await crashing.apply(dev);
    await eventually(async () => {
      const { out } = await run(crashing, ['logs', 'acme', 'postgres']);
      if (out === '') await bindAll(crashing, 'postgres').catch(() => undefined);
      expect(out).toContain('acme-postgres-0/postgres (previous) acme-postgres-0 says why it crashed');
    }, 20_000);
  },
);

test.concurrent('follows what is written, also by pods that come later, until Ctrl-C', async () => {
  const place = await world.place();
  written.set(place.namespace, ({ pod }) => `${pod} runs\n`);
  await place.ready(dev);
  await bindAll(place, 'search');
  const interruption = new AbortController();
  let out = '';
  const following = run(place, ['logs', 'acme', 'search', '-f'], {
    onOutput: (text) => (out += text),
    signal: interruption.signal,
  });
  await eventually(async () => expect(out.match(/ runs\n/g)).toHaveLength(1), 10_000);
  const before = new Set(await place.names('pods'));
  await place.apply({ ...dev, services: { search: { replicas: 2 } } });
  await eventually(async () => {
    const added = (await place.names('pods')).find((name) => name.startsWith('acme-search-') && !before.has(name));
    if (added === undefined) throw new Error('not yet');
    await kubelet.bind(place.namespace, added);
  });
  await eventually(async () => expect(out.match(/ runs\n/g)?.length).toBeGreaterThanOrEqual(2), 15_000);
  interruption.abort(new Error('interrupted'));
  expect((await following).code).toBe(130);
});

test.concurrent('a bundle has what helps, and no value of any Secret', async () => {
  const place = await world.place();
  await place.create('secrets', { metadata: { name: 'mine' }, stringData: { token: 'planted-in-my-own-secret' } });
  const variable = { name: 'MY_TOKEN', valueFrom: { secretKeyRef: { name: 'mine', key: 'token' } } };
  const literal = { name: 'OTHER_API_KEY', value: 'planted-as-a-literal' };
  await place.ready({ ...dev, services: { search: { env: [variable, literal] } } });
  const secrets = await place.list<{ data?: Record<string, string> }>('secrets');
  const values = secrets.flatMap(({ data = {} }) => Object.entries(data)).filter(([key]) => !/username|\.crt$/.test(key)); // prettier-ignore
  const encoded = values.map(([, value]) => value);
  const plain = encoded.map((value) => Buffer.from(value, 'base64').toString('utf8'));
  written.set(place.namespace, ({ pod }) => [`${pod} starts`, ...plain, ...encoded, ...plain.map(encodeURIComponent), 'postgres://u:planted-in-a-url@db/x'].join('\n')); // prettier-ignore
  await bindAll(place, 'search');
  const event = { type: 'Warning', reason: 'Planted', message: `it says ${plain.at(-1) ?? ''}`, metadata: { name: 'acme-planted' }, involvedObject: { kind: 'GenAIPlatform', name: 'acme', namespace: place.namespace } }; // prettier-ignore
  await place.create('events', event);

  const file = join(await mkdtemp(join(tmpdir(), 'bundle-')), 'b.tar.gz');
  const { code, out, err } = await run(place, ['support-bundle', 'acme', '-o', file]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/b\.tar\.gz: \d+ files/);

  const { stdout } = await promisify(execFile)('tar', ['-tzf', file]);
  for (const name of [
    'versions.yaml',
    'platform.yaml',
    'status.txt',
    'history.yaml',
    'events.yaml',
    'problems.txt',
    'objects/Deployment/acme-search.yaml',
    'objects/Secret/acme-identity.yaml',
    'operator/genai-system-acme-genai-operator.yaml',
  ]) {
    // prettier-ignore
    expect(stdout).toMatch(new RegExp(`^acme-[^/]+/${name}$`, 'm'));
  }
  const text = gunzipSync(await readFile(file)).toString('utf8');
  expect(text).toMatch(/acme-search-\S+ starts/); // the log itself is there
  expect(text).toContain('it says [redacted]');
  const lines = plain.flatMap((value) => value.split('\n')).filter((line) => line.length >= 16 && !line.startsWith('-----')); // prettier-ignore
  const planted = ['planted-in-my-own-secret', 'planted-as-a-literal', 'planted-in-a-url'];
  const found = [...planted, ...plain, ...encoded, ...lines].filter(
    (value) => value.length > 5 && text.includes(value),
  );
  expect(found).toEqual([]);

  const again = await run(place, ['support-bundle', 'acme', '-o', file]);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('already exists') as string });
});
