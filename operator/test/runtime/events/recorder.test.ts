import type { ControlPlane } from '../../../../test/harness/control-plane.ts';
import { startControlPlane } from '../../../../test/harness/control-plane.ts';
import { EventRecorder } from '../../../src/runtime/events/recorder.ts';
import type { EventInput, LiveObject } from '../../../src/runtime/index.ts';
import { fromKubeconfig, systemClock } from '../../../src/runtime/index.ts';
import { ObjectClient } from '../../../src/runtime/object-client.ts';
import { Transport } from '../../../src/runtime/transport/transport.ts';
import { FakeClock } from '../../harness/fake-clock.ts';
import { quietLog } from '../../harness/quiet-log.ts';

const context = { signal: new AbortController().signal, guard: () => undefined };
const reporter = { controller: 'test-operator', instance: 'test-1' };
const started: EventInput = { type: 'Normal', reason: 'Started', message: 'it has started' };

function anObject(uid: string): LiveObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'one', namespace: 'default', uid, resourceVersion: '1' },
  };
}

interface Bench {
  readonly recorder: EventRecorder;
  readonly clock: FakeClock;
  /** What was sent: notes of new events, counts of repeated ones. */
  readonly sent: (string | number)[];
}

function aRecorder(fail = false): Bench {
  const sent: (string | number)[] = [];
  const clock = new FakeClock();
  const client = {
    create: async (_kind: unknown, event: { readonly note?: string }) => {
      sent.push(event.note ?? '');
      if (fail) throw new Error('the API server is away');
    },
    mergePatch: async (_ref: unknown, patch: { readonly series?: { readonly count: number } }) => {
      sent.push(patch.series?.count ?? 0);
    },
  } as unknown as ObjectClient;
  return { recorder: new EventRecorder({ client, clock, log: quietLog(), reporter }), clock, sent };
}

test('the same event again is one event with a count, told when the count doubles', async () => {
  const { recorder, sent } = aRecorder();
  for (let time = 0; time < 10; time += 1) recorder.record(anObject('a'), started, context);
  await recorder.flush(1_000);
  expect(sent).toEqual(['it has started', 2, 4, 8]);
});

test('what happens again much later is a new event', async () => {
  const { recorder, sent, clock } = aRecorder();
  recorder.record(anObject('a'), started, context);
  await clock.advance(400_000);
  recorder.record(anObject('a'), started, context);
  await recorder.flush(1_000);
  expect(sent).toEqual(['it has started', 'it has started']);
});

test('a chatty object is cut off, and others are not', async () => {
  const { recorder, sent, clock } = aRecorder();
  for (let time = 0; time < 100; time += 1)
    recorder.record(anObject('chatty'), { ...started, message: `${time}` }, context);
  recorder.record(anObject('quiet'), started, context);
  await recorder.flush(1_000);
  expect(sent).toHaveLength(26);
  expect(sent.at(-1)).toBe('it has started');
  await clock.advance(300_000);
  recorder.record(anObject('chatty'), { ...started, message: 'later' }, context);
  await recorder.flush(1_000);
  expect(sent.at(-1)).toBe('later');
});

test('an event that cannot be written is let go', async () => {
  const { recorder, sent } = aRecorder(true);
  recorder.record(anObject('a'), started, context);
  recorder.record(anObject('b'), started, context);
  await recorder.flush(1_000);
  expect(sent).toHaveLength(2);
});

test('a message beyond the limit of the API is cut', async () => {
  const { recorder, sent } = aRecorder();
  recorder.record(anObject('a'), { ...started, message: 'x'.repeat(3_000) }, context);
  await recorder.flush(1_000);
  expect(sent[0]).toHaveLength(1_024);
});

describe('with a real API server', () => {
  let plane: ControlPlane;
  let transport: Transport;

  beforeAll(async () => {
    plane = await startControlPlane({ controllers: false });
    transport = new Transport({ cluster: await fromKubeconfig(plane.kubeconfig) });
  });

  afterAll(async () => {
    await transport.close();
    await plane.stop();
  });

  test('events and their counts are accepted', async () => {
    const object = await plane.request<LiveObject>('POST', '/api/v1/namespaces/default/configmaps', {
      metadata: { name: 'one' },
    });
    const client = new ObjectClient(transport, 'test');
    const recorder = new EventRecorder({ client, clock: systemClock, log: quietLog(), reporter });
    for (let time = 0; time < 4; time += 1) {
      recorder.record(
        { ...object, apiVersion: 'v1', kind: 'ConfigMap' },
        { ...started, related: anObject('b') },
        context,
      );
    }
    await recorder.flush(5_000);
    const { items } = await plane.request<{ items: object[] }>(
      'GET',
      '/apis/events.k8s.io/v1/namespaces/default/events',
    );
    expect(items).toMatchObject([
      {
        ...{ type: 'Normal', reason: 'Started', note: 'it has started' },
        regarding: { kind: 'ConfigMap', name: 'one', uid: object.metadata.uid },
        related: { name: 'one', uid: 'b' },
        series: { count: 4 },
        reportingController: 'test-operator',
      },
    ]);
  });
});
