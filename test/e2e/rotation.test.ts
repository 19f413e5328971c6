import type { GenAIPlatform } from '@genai-platform/crds';
import { get, isReady, kubectl, patchSpec, platformUntil } from './harness/cluster.ts';
import { echoImage, loadEchoImage } from './harness/echo-image.ts';
import { Load } from './harness/load.ts';

interface Secret {
  readonly metadata: { readonly name: string };
  readonly data: Readonly<Record<string, string>>;
}

let load: Load;

beforeAll(async () => {
  await loadEchoImage();
  await patchSpec({ images: { overrides: { formatConversion: echoImage } } });
  await platformUntil(isReady, 240);
  load = new Load();
});

afterAll(async () => {
  await load.stop();
  await kubectl('-n', 'acme', 'annotate', 'genaiplatform', 'acme', 'genaiplatform.io/rotate-credentials-');
  await patchSpec({ images: null });
  await platformUntil(isReady, 240);
});

const credentials = ({ status }: GenAIPlatform): NonNullable<NonNullable<GenAIPlatform['status']>['credentials']> =>
  status?.credentials ?? [];

/** The logins of the workloads, by name of their Secret. */
async function logins(): Promise<Map<string, Secret['data']>> {
  const { items } = await get<{ items: Secret[] }>('secrets');
  const isLogin = ({ metadata }: Secret): boolean => /^acme-(database|cache)-/.test(metadata.name);
  const mine = items.filter((secret) => isLogin(secret) && 'password' in secret.data);
  return new Map(mine.map(({ metadata, data }) => [metadata.name, data]));
}

test('every password is replaced while the platform serves, and no request fails', async () => {
  const before = await logins();
  expect(before.size).toBeGreaterThan(3);
  // A word that was never given before asks for a rotation.
  const word = `genaiplatform.io/rotate-credentials=${String(Date.now())}`;
  const began = credentials(await get<GenAIPlatform>('genaiplatform', 'acme')).map(({ rotatedAt }) => rotatedAt);
  await kubectl('-n', 'acme', 'annotate', '--overwrite', 'genaiplatform', 'acme', word);
  const rotated = (platform: GenAIPlatform): boolean =>
    isReady(platform) &&
    credentials(platform).length > 0 &&
    credentials(platform).every(
      ({ phase, rotatedAt }) => phase === 'Settled' && rotatedAt !== undefined && !began.includes(rotatedAt),
    );
  await platformUntil(rotated, 240);
  const after = await logins();
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  for (const [name, data] of after) {
    const old = before.get(name) ?? {};
    // A user of the cache may have two passwords at a time; a role of the database has one, so there are two roles.
    const [sameUser, samePassword] = [data['username'] === old['username'], data['password'] === old['password']];
    expect([name, sameUser, samePassword]).toEqual([name, name.startsWith('acme-cache-'), false]);
  }
  const counts = load.take();
  process.stdout.write(`${JSON.stringify({ load: 'rotation', ...counts, failed: counts.failed.length })}\n`);
  expect(counts.failed).toEqual([]);
  expect(counts.http).toBeGreaterThan(50);
});
