import { mapLimit } from '../../src/runtime/map-limit.ts';
import { FakeClock } from '../harness/fake-clock.ts';
import { sleep } from '../../src/runtime/index.ts';

test('no more than the limit are under way, and results keep their order', async () => {
  const clock = new FakeClock();
  let underWay = 0;
  let most = 0;
  const mapped = mapLimit([5, 1, 4, 2, 3], 2, async (item) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await sleep(clock, item);
    underWay -= 1;
    return item * 10;
  });
  await clock.advance(100);
  expect(await mapped).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
});

test('failures are told in the order of the items, however they came about, and repetitions once', async () => {
  const clock = new FakeClock();
  const mapped = mapLimit([30, 20, 10, 5], 4, async (item) => {
    await sleep(clock, item);
    throw new Error(item < 15 ? 'the same' : `failure ${item}`);
  });
  const caught = mapped.catch((error: unknown) => error);
  await clock.advance(100);
  expect(await caught).toMatchObject({ message: 'failure 30; failure 20; the same' });
});

test('a long list of failures is cut', async () => {
  const failing = mapLimit([1, 2, 3, 4, 5, 6, 7], 1, (item) => Promise.reject(new Error(`f${item}`)));
  await expect(failing).rejects.toThrow('f1; f2; f3; f4; f5; and 2 more');
});
