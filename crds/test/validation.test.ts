import { api, customResourceDefinition, maxPlatformNameLength } from '@genai-platform/crds';
import type { ControlPlane } from '../../test/harness/control-plane.ts';
import { startControlPlane } from '../../test/harness/control-plane.ts';
import type { WrittenSpec } from './cases/case.ts';
import { refused, taken } from './cases/changes.ts';
import { cases } from './cases/index.ts';

const collection = `/apis/${api.apiVersion}/namespaces/default/${api.plural}`;
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

let plane: ControlPlane;
let serial = 0;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: false });
  await plane.request('POST', definitions, customResourceDefinition());
  await untilServed();
});

afterAll(async () => {
  await plane.stop();
});

/** A definition is served a moment after it was taken. */
async function untilServed(): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const isServed = await plane.request('GET', collection).then(
      () => true,
      () => false,
    );
    if (isServed) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the API server does not serve the definition');
}

function platform(name: string, spec: WrittenSpec, resourceVersion?: string): object {
  const metadata = { name, ...(resourceVersion !== undefined && { resourceVersion }) };
  return { apiVersion: api.apiVersion, kind: api.kind, metadata, spec };
}

/** Asks without storing, with unknown fields refused as kubectl asks for it. */
async function create(spec: WrittenSpec, name = 'acme'): Promise<{ spec: object }> {
  return plane.request('POST', `${collection}?dryRun=All&fieldValidation=Strict`, platform(name, spec));
}

describe.each(Object.entries(cases))('%s', (_area, { accepted, rejected }) => {
  test.each(accepted)('accepts %s, and stores what was written', async (_what, spec) => {
    await expect(create(spec)).resolves.toMatchObject({ spec });
  });

  test.each(rejected)('rejects %s', async (_what, spec, message) => {
    await expect(create(spec)).rejects.toThrow(message);
  });
});

/** Stores a platform and asks whether it could be changed. */
async function change(before: WrittenSpec, after: WrittenSpec): Promise<unknown> {
  const name = `change-${++serial}`;
  const stored = await plane.request<{ metadata: { resourceVersion: string } }>(
    'POST',
    collection,
    platform(name, before),
  );
  const changed = platform(name, after, stored.metadata.resourceVersion);
  return plane.request('PUT', `${collection}/${name}?dryRun=All&fieldValidation=Strict`, changed);
}

describe('changes', () => {
  test.each(taken)('takes %s', async (_what, before, after) => {
    await expect(change(before, after)).resolves.toMatchObject({ spec: after });
  });

  test.each(refused)('refuses %s', async (_what, before, after, message) => {
    await expect(change(before, after)).rejects.toThrow(message);
  });
});

describe('names', () => {
  const spec = { profile: 'dev' };

  test.each(['a', 'acme', 'acme-2', 'a'.repeat(maxPlatformNameLength)])('accepts %s', async (name) => {
    await expect(create(spec, name)).resolves.toBeDefined();
  });

  test.each([
    ['one that is too long', 'a'.repeat(maxPlatformNameLength + 1), 'must have at most 26 characters'],
    ['one that begins with a digit', '1acme', 'must start with a letter'],
    ['one with a dot', 'acme.prod', 'must start with a letter and contain only lower case letters, digits and "-"'],
  ])('rejects %s', async (_what, name, message) => {
    await expect(create(spec, name)).rejects.toThrow(message);
  });
});

test('there are at least a hundred cases', () => {
  const all = Object.values(cases).flatMap(({ accepted, rejected }) => [...accepted, ...rejected]);
  expect(all.length + taken.length + refused.length).toBeGreaterThanOrEqual(100);
});

describe('the resource in the API', () => {
  test('defaults nothing, so that a file in Git and the stored object stay equal', async () => {
    const stored = await create({ profile: 'dev' });
    expect(stored.spec).toEqual({ profile: 'dev' });
  });

  test('has a status that a change of the spec does not touch', async () => {
    const status = { summary: 'Ready', version: '1.4.0', services: '3/3' };
    await plane.request('POST', collection, { ...platform('status', { profile: 'dev' }), status });
    const stored = await plane.request<{ status?: object }>('GET', `${collection}/status`);
    expect(stored.status).toBeUndefined();
    const patch = { contentType: 'application/merge-patch+json', text: JSON.stringify({ status }) };
    await plane.request('PATCH', `${collection}/status/status`, patch);
    await expect(plane.request('GET', `${collection}/status`)).resolves.toMatchObject({ status });
  });

  test('is found by its short name and among all', async () => {
    const { resources } = await plane.request<{ resources: object[] }>('GET', `/apis/${api.apiVersion}`);
    expect(resources).toContainEqual(
      expect.objectContaining({ name: 'genaiplatforms', shortNames: ['genai'], categories: ['all'] }),
    );
  });
});
