import { rowOf } from '../room.ts';
import { Trial } from '../trial.ts';

const WRITES = ['create', 'apply', 'patch', 'update', 'delete'] as const;

/** Whatever is written for the first time meets a conflict. */
async function firstWrites(trial: Trial): Promise<void> {
  const action = { type: 'status', code: 409, reason: 'Conflict' } as const;
  const faults = [{ match: { verb: WRITES }, when: 'before', each: true, times: 1, action } as const];
  await trial.subject.start({ faults });
  for (const scenario of ['create', 'upgrade', 'delete']) {
    await trial.act(scenario);
    await trial.endsAs(scenario);
  }
}

interface Scaled {
  readonly spec: { readonly replicas: number };
}

/** What an autoscaler decides stays through a change of everything else. */
async function autoscaled(trial: Trial): Promise<void> {
  const { place } = trial.subject;
  await trial.created();
  await place.patch('deployments', 'acme-gateway', { spec: { replicas: 3 } });
  trial.newRequests();
  await trial.act('upgrade');
  await (await trial.room.references.of('upgrade')).scenario.done(place);
  await trial.subject.quiet();
  const { spec } = await place.get<Scaled>('deployments', 'acme-gateway');
  trial.expect(spec.replicas === 3, `the autoscaler's 3 replicas became ${spec.replicas}`);
}

interface Annotated {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

/** Fields of somebody else stay as they are, beside those of the operator. */
async function shared(trial: Trial): Promise<void> {
  const { place } = trial.subject;
  await trial.created();
  const theirs = { 'example.com/owner': 'somebody' };
  for (const plural of ['deployments', 'services']) {
    await place.patch(plural, 'acme-search', { metadata: { annotations: theirs } });
  }
  await trial.play('upgrade');
  for (const plural of ['deployments', 'services']) {
    const { metadata } = await place.get<Annotated>(plural, 'acme-search');
    trial.expect(metadata.annotations?.['example.com/owner'] === 'somebody', `somebody's annotation of ${plural} is gone`); // prettier-ignore
  }
}

/** An object of the same name that is somebody else's stays as it is, and is named. */
async function foreign(trial: Trial): Promise<void> {
  const { place } = trial.subject;
  const spec = { selector: { app: 'somebody' }, ports: [{ name: 'theirs', port: 1234 }] };
  await place.create('services', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'acme-search' }, spec });
  const before = await place.get('services', 'acme-search');
  await trial.subject.start();
  await trial.act('create');
  await trial.until(({ status }) => JSON.stringify(status?.conditions ?? []).includes('NameConflict'), 180_000);
  const after = await place.get('services', 'acme-search');
  trial.expect(after.metadata.resourceVersion === before.metadata.resourceVersion, "somebody's Service was changed");
  await place.remove('services', 'acme-search');
  await trial.endsAs('create');
}

export const conflict = rowOf('7', 'others who write as well', [
  { name: 'first-writes', what: '409 for each first write', run: (room) => Trial.run(room, firstWrites) },
  { name: 'autoscaled', quick: true, what: 'replicas of an autoscaler', run: (room) => Trial.run(room, autoscaled) },
  { name: 'shared', what: 'fields of another manager', run: (room) => Trial.run(room, shared) },
  { name: 'foreign', quick: true, what: 'an object of somebody else', run: (room) => Trial.run(room, foreign) },
]);
