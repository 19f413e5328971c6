import { catalogue } from '@genai-platform/cdk8s';
import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { AuditEvent } from '../../../test/harness/control-plane.ts';
import type { Rendered } from '../../../test/charts/helm.ts';
import { template } from '../../../test/charts/helm.ts';
import { installForeignKinds } from './harness/foreign-kinds.ts';
import { SYSTEM } from './harness/install-chart.ts';
import type { Place } from './harness/place.ts';
import { eventually, has, isReady } from './harness/place.ts';
import { OPERATOR_USER, World, auditPolicy } from './harness/world.ts';

const dev: GenAIPlatformSpec = { profile: 'dev' };
let world: World;
let place: Place;

beforeAll(async () => {
  world = await World.start({ auditPolicy });
  await installForeignKinds(world.plane);
  await world.startOperator();
  place = await world.place();
});

afterAll(() => world.stop());

/** `verb group/resource`; a rule without names, or with, grants the same. */
const right = (verb: string, group: string, resource: string): string => `${verb} ${group}/${resource}`;

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Everything that the chart grants to the operator. */
async function granted(): Promise<string[]> {
  const isOurs = ({ kind, metadata }: Rendered): boolean =>
    kind.endsWith('Role') && ['acme-genai-operator', 'acme-genai-operator-leader-election'].includes(metadata.name);
  const roles = (await template('genai-operator', { namespace: SYSTEM })).filter(isOurs);
  const rules = roles.flatMap((role) => role['rules'] as Rule[]);
  const rights = rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => right(verb, group, resource)))),
  );
  return [...new Set(rights)].sort();
}

/** Everything that the operator asked for, by the audit log. */
async function used(): Promise<string[]> {
  const events = (await world.plane.auditEvents()).filter(({ user, objectRef }) => user.username === OPERATOR_USER && objectRef); // prettier-ignore
  return [...new Set(events.flatMap(rightsOf))].sort();
}

function rightsOf({ verb, objectRef, responseStatus }: AuditEvent): string[] {
  const { apiGroup = '', resource = '', subresource } = objectRef ?? {};
  const name = subresource === undefined ? resource : `${resource}/${subresource}`;
  // A server-side apply that makes the object is authorised twice: as a patch and as a create.
  const created = verb === 'patch' && responseStatus?.code === 201;
  return [right(verb, apiGroup, name), ...(created ? [right('create', apiGroup, name)] : [])];
}

/** One life with everything in it that the operator ever does. */
async function wholeLife(): Promise<void> {
  // A migration that fails without a word (its log is asked for), while a quota explains nothing (events are asked for).
  const restore = place.pods((pod) => (pod.metadata.name.startsWith('acme-search-migrate') ? { kind: 'failed', exitCode: 1 } : undefined)); // prettier-ignore
  await place.create('secrets', { metadata: { name: 'mine' }, stringData: { value: 'x' } });
  await place.create('configmaps', { metadata: { name: 'mine' }, data: { value: 'x' } });
  const env = [
    { name: 'A', valueFrom: { secretKeyRef: { name: 'mine', key: 'value' } } },
    { name: 'B', valueFrom: { configMapKeyRef: { name: 'mine', key: 'value' } } },
  ];
  const rollout = { revisionHistoryLimit: 0 };
  const wanted: GenAIPlatformSpec = { ...dev, gateway: { env }, deletionPolicy: 'Delete', rollout };
  await place.apply(wanted);
  await place.until(has('MigrationsReady', 'False', 'ContainerCrashing'));
  restore();
  await place.apply({ ...wanted, images: { overrides: { search: { tag: '0.2.0' } } } });
  await place.until(isReady);
  // An image of the database that nobody has, put right: the pod that cannot start is replaced.
  place.pods((pod) => (pod.spec.containers[0]?.image.endsWith('postgres:bad') ? { kind: 'waiting', reason: 'ImagePullBackOff', message: 'not found' } : undefined)); // prettier-ignore
  await place.apply({ ...wanted, images: { overrides: { postgres: { tag: 'bad' } } } });
  await place.until(has('DatabaseReady', 'False', 'ImagePullFailed'));
  await place.apply(wanted);
  await place.until(isReady);

  // A Secret from a store, and no longer.
  const data = [{ secretKey: 'key', remoteRef: { key: 'entry' } }];
  const externalSecrets = [{ name: 'stored', secretStoreRef: { name: 'vault' }, data }];
  await place.apply({ ...wanted, secrets: { externalSecrets } });
  await eventually(async () => expect(await place.lacks('externalsecrets', 'stored')).toBe(false));
  await place.until(isReady);

  // Every way in, one after the other; each leaves nothing behind.
  const ingress = { host: 'ai.example.com', tls: { issuerRef: { name: 'letsencrypt' } } };
  await place.apply({ ...wanted, ingress });
  await place.until((platform) => isReady(platform) && has('EdgeReady', 'True')(platform));
  await place.apply({ ...wanted, ingress: { host: 'ai.example.com', gatewayRef: { name: 'public' } } });
  await place.until((platform) => isReady(platform) && has('EdgeReady', 'True')(platform));
  // A service and the cache go.
  await place.create('secrets', {
    metadata: { name: 'redis' },
    stringData: { username: 'a', password: 'b' },
  });
  const cache = { external: { host: 'redis.example.com', credentialsSecretRef: { name: 'redis' } } };
  await place.apply({ ...wanted, cache, services: { search: { enabled: false } } });
  await place.until((platform) => isReady(platform) && platform.status?.workloads?.length === catalogue.length - 1);

  // A snapshot is begun, and then not waited for.
  await world.plane.request('POST', '/api/v1/persistentvolumes', {
    metadata: { name: 'database' },
    spec: {
      capacity: { storage: '100Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: '/nowhere' },
      claimRef: { namespace: place.namespace, name: 'acme-postgres-data' },
    },
  });
  await eventually(async () => {
    const { status } = await place.get<{ status: { phase: string } }>('persistentvolumeclaims', 'acme-postgres-data');
    expect(status.phase).toBe('Bound');
  });
  await place.apply({ ...wanted, deletionPolicy: 'Snapshot' });
  await place.delete();
  await eventually(async () => expect(await place.names('volumesnapshots')).toHaveLength(1));
  await place.apply(wanted);
  await place.gone();
}

test('the chart grants the operator exactly the rights that it uses', async () => {
  await wholeLife();
  await world.stopOperators();
  expect(await used()).toEqual(await granted());
}, 240_000);
