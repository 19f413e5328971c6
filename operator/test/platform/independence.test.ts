import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { controllers } from '../../src/controllers.ts';
import type { Controller } from '../../src/runtime/index.ts';
import type { Place } from './harness/place.ts';
import { eventually, has } from './harness/place.ts';
import { Subject } from './harness/subject.ts';
import { World } from './harness/world.ts';

// What fails holds up nothing that it has nothing to do with.
const dev: GenAIPlatformSpec = { profile: 'dev', deletionPolicy: 'Delete', ingress: { host: 'ai.example.com' } };
let world: World;
const subjects: Subject[] = [];

jest.setTimeout(300_000);

beforeAll(async () => {
  world = await World.start();
});

afterAll(async () => {
  await Promise.all(subjects.map((subject) => subject.close()));
  await world.stop();
});

async function open(): Promise<Subject> {
  const subject = await Subject.open(world);
  subjects.push(subject);
  return subject;
}

interface Template {
  readonly spec: {
    readonly minReadySeconds?: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

const deploymentOf = (place: Place, name: string): Promise<Template> => place.get<Template>('deployments', name);

test.concurrent('one object that cannot be deleted keeps none of the others of its stage', async () => {
  const subject = await open();
  const { place } = subject;
  await subject.start();
  await place.ready(dev);
  const refused = { type: 'status', code: 500, reason: 'InternalError' } as const;
  subject.proxy.inject({ match: { verb: 'delete', kind: 'deployments', name: 'acme-auth' }, when: 'before', action: refused }); // prettier-ignore
  await place.delete();
  await eventually(async () => {
    expect(await place.names('deployments')).toEqual(['acme-auth']);
    expect((await place.platform()).status?.summary).toContain('injected 500');
  });
  expect(await place.lacks('statefulsets', 'acme-cache')).toBe(false);
  subject.proxy.heal();
  await place.gone();
});

test.concurrent(
  'what somebody does to a later stage is put back while an earlier one fails, and nothing new begins',
  async () => {
    const subject = await open();
    const { place } = subject;
    await subject.start();
    await place.ready(dev);
    const restore = place.pods(({ metadata }) => (metadata.name.startsWith('acme-postgres') ? { kind: 'unready' } : undefined)); // prettier-ignore
    await place.until(has('DatabaseReady', 'False', 'ProbeFailing'));
    await place.patch('deployments', 'acme-gateway', { spec: { minReadySeconds: 77 } });
    await Promise.all([place.remove('networkpolicies', 'acme-search'), place.remove('ingresses', 'acme-edge')]);
    await eventually(async () => {
      expect((await deploymentOf(place, 'acme-gateway')).spec.minReadySeconds).toBe(3);
      expect(await place.lacks('networkpolicies', 'acme-search')).toBe(false);
      expect(await place.lacks('ingresses', 'acme-edge')).toBe(false);
    });
    const { status } = await place.until((platform) => platform.status?.drift?.length === 3);
    expect(status?.drift?.map(({ kind, change }) => `${kind} ${change}`).sort()).toEqual(['Deployment Edited', 'Ingress Deleted', 'NetworkPolicy Deleted']); // prettier-ignore
    // Another version is wanted: it has to wait for the database, whatever somebody does to what runs.
    await place.apply({ ...dev, version: '0.2.0' });
    await place.until(has('DatabaseReady', 'False', 'ProbeFailing'));
    await place.remove('services', 'acme-search');
    await place.patch('deployments', 'acme-search', { spec: { minReadySeconds: 77 } });
    await subject.quiet(1_500);
    expect((await deploymentOf(place, 'acme-search')).spec.template.spec.containers[0]?.image).toContain(':0.1.0');
    restore();
    await place.until(has('Ready', 'True'), 60_000);
    expect((await deploymentOf(place, 'acme-search')).spec.template.spec.containers[0]?.image).toContain(':0.2.0');
    expect(await place.lacks('services', 'acme-search')).toBe(false);
  },
);

test.concurrent('what was put back is told even if the status that was to tell it met a conflict', async () => {
  const subject = await open();
  const { place } = subject;
  await subject.start();
  await place.ready(dev);
  await subject.quiet();
  const lost = { type: 'status', code: 409, reason: 'Conflict' } as const;
  const conflict = subject.proxy.inject({ match: { kind: 'genaiplatforms', subresource: 'status' }, when: 'before', times: 2, action: lost }); // prettier-ignore
  await place.patch('deployments', 'acme-search', { spec: { minReadySeconds: 77 } });
  const { status } = await place.until((platform) => (platform.status?.drift ?? []).length > 0);
  expect(conflict.hits).toBe(2);
  expect(status?.drift).toMatchObject([{ name: 'acme-search', field: 'spec.minReadySeconds', manager: 'somebody' }]);
  // Told once.
  await subject.quiet(1_000);
  expect((await place.platform()).status?.drift).toEqual(status?.drift);
});

/** The controllers, which see something in the specification that no renderer can make sense of. */
function confused(deps: Parameters<typeof controllers>[0]): Controller[] {
  const gateway = { resources: { requests: { memory: 'plenty' } } };
  return controllers(deps).map((controller) => ({
    ...controller,
    extend: (context) => {
      const { object } = context;
      const { spec } = object as unknown as { readonly spec: GenAIPlatformSpec };
      return controller.extend({ ...context, object: { ...object, spec: { ...spec, gateway } } } as typeof context);
    },
  }));
}

test.concurrent('a platform that cannot be rendered says so, goes on serving, and can be deleted', async () => {
  const subject = await open();
  const { place } = subject;
  await subject.start();
  await place.ready(dev);
  const before = await place.servingPods();
  await subject.stop();
  await subject.start({ controllers: confused });
  const { status } = await place.until(has('Stalled', 'True', 'RenderFailed'));
  const told = 'the platform cannot be rendered: not a quantity: plenty';
  expect(status?.conditions?.find(({ type }) => type === 'Ready')?.message).toBe(told);
  await subject.quiet();
  expect(await place.servingPods()).toEqual(before);
  await place.delete();
  await place.gone();
});
