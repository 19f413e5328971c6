import type { Priority } from '../../../src/runtime/queue/priority.ts';
import { priorities } from '../../../src/runtime/queue/priority.ts';
import { WorkQueue } from '../../../src/runtime/queue/work-queue.ts';
import { FakeClock, settle } from '../../harness/fake-clock.ts';

const { user, related, resync } = priorities;

function aQueue(): { readonly queue: WorkQueue; readonly clock: FakeClock } {
  const clock = new FakeClock();
  return { queue: new WorkQueue({ clock, random: () => 1 }), clock };
}

/** Takes what is ready, in order, finishing each before the next. */
async function drain(queue: WorkQueue): Promise<string[]> {
  const keys: string[] = [];
  while (queue.depth > 0) {
    const item = await queue.take();
    if (!item) break;
    keys.push(item.key);
    queue.finish(item.key);
  }
  return keys;
}

test('ten changes of one object are one look', async () => {
  const { queue } = aQueue();
  for (let change = 0; change < 10; change += 1) queue.add('a/one', related);
  expect(await drain(queue)).toEqual(['a/one']);
});

test('a key is never handed out twice at a time, and a change meanwhile is looked at afterwards', async () => {
  const { queue } = aQueue();
  queue.add('a/one', related);
  await queue.take();
  queue.add('a/one', related);
  let second: unknown;
  void queue.take().then((item) => (second = item));
  await settle();
  expect(second).toBeUndefined();
  queue.finish('a/one');
  await settle();
  expect(second).toMatchObject({ key: 'a/one' });
});

test('a change by a user overtakes resyncs, also for a key that already waits', async () => {
  const { queue } = aQueue();
  for (const name of ['a/1', 'a/2', 'a/3']) queue.add(name, resync);
  queue.add('a/3', user);
  queue.add('a/4', user);
  expect(await drain(queue)).toEqual(['a/3', 'a/4', 'a/1', 'a/2']);
});

test('a flood of changes does not starve resyncs', async () => {
  const { queue } = aQueue();
  queue.add('z/quiet', resync);
  for (let index = 0; index < 50; index += 1) queue.add(`a/${index}`, user);
  expect((await drain(queue)).indexOf('z/quiet')).toBeLessThan(8);
});

test('a namespace with a thousand objects does not hold up one with a single object', async () => {
  const { queue } = aQueue();
  for (let index = 0; index < 1000; index += 1) queue.add(`crowd/${index}`, related);
  queue.add('lonely/one', related);
  expect((await drain(queue)).indexOf('lonely/one')).toBe(1);
});

test('failures are retried after 5 ms, doubling to a minute, and from the start after a success', () => {
  const { queue } = aQueue();
  const delays = Array.from({ length: 20 }, () => queue.retry('a/one'));
  expect(delays.slice(0, 4)).toEqual([5, 10, 20, 40]);
  expect(delays.at(-1)).toBe(60_000);
  queue.forget('a/one');
  expect(queue.retry('a/one')).toBe(5);
});

test('jitter takes up to half of a delay away', () => {
  const clock = new FakeClock();
  const least = new WorkQueue({ clock, random: () => 0 });
  expect(least.retry('a/one')).toBe(2.5);
});

test('when everything fails at once, retries come back no faster than the rate over all keys', async () => {
  const { queue, clock } = aQueue();
  for (let index = 0; index < 300; index += 1) queue.retry(`a/${index}`);
  await clock.advance(1_000);
  // A burst of 100, then 10 per second.
  expect(queue.depth).toBeGreaterThanOrEqual(100);
  expect(queue.depth).toBeLessThanOrEqual(111);
  await clock.advance(20_000);
  expect(queue.depth).toBe(300);
});

test('a retry waits as long as the server asked for', async () => {
  const { queue, clock } = aQueue();
  queue.retry('a/one', 7_000);
  await clock.advance(6_999);
  expect(queue.depth).toBe(0);
  await clock.advance(1);
  expect(queue.depth).toBe(1);
});

test('of two planned looks the earlier stands, and a look now makes it needless', async () => {
  const { queue, clock } = aQueue();
  queue.addAfter('a/one', 60_000, resync);
  queue.addAfter('a/one', 5_000, related);
  queue.addAfter('a/one', 30_000, related);
  await clock.advance(5_000);
  expect(await drain(queue)).toEqual(['a/one']);
  queue.addAfter('a/one', 5_000, related);
  queue.add('a/one', user);
  expect(await drain(queue)).toEqual(['a/one']);
  expect(queue.delayed).toBe(0);
});

test('a thousand waiting keys need one timer', () => {
  const { queue, clock } = aQueue();
  for (let index = 0; index < 1000; index += 1) queue.addAfter(`a/${index}`, 1_000 + index, resync);
  expect(clock.pending).toBe(1);
});

test('the urgency of a change that came while the key was processed is kept', async () => {
  const { queue } = aQueue();
  queue.add('a/one', resync);
  const item = await queue.take();
  queue.add('a/one', resync);
  queue.add('a/one', user);
  queue.add('a/other', related);
  queue.finish(item?.key ?? '');
  expect(await drain(queue)).toEqual(['a/one', 'a/other']);
});

test('a closed queue hands out nothing, and its takers are told', async () => {
  const { queue, clock } = aQueue();
  const taker = queue.take();
  queue.addAfter('a/one', 1_000, related);
  queue.close();
  expect(await taker).toBeUndefined();
  queue.add('a/two', user);
  await clock.advance(10_000);
  expect(await queue.take()).toBeUndefined();
  expect(clock.pending).toBe(0);
});

test('nothing is ever dropped: what was added is handed out, whatever the order of events', async () => {
  const { queue, clock } = aQueue();
  const wanted = new Set<string>();
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const taken = new Set<string>();
  for (let event = 0; event < 2_000; event += 1) {
    const key = `ns${random(5)}/${random(40)}`;
    wanted.add(key);
    const choice = random(4);
    if (choice === 0) queue.addAfter(key, random(5_000), random(3) as Priority);
    else if (choice === 1) queue.retry(key);
    else queue.add(key, random(3) as Priority);
    if (random(3) === 0) for (const each of await drain(queue)) taken.add(each);
    if (random(10) === 0) await clock.advance(random(1_000));
  }
  await clock.advance(600_000);
  for (const each of await drain(queue)) taken.add(each);
  expect(taken).toEqual(wanted);
});
