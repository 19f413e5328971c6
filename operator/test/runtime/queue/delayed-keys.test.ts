import { assert, array, constantFrom, nat, property, record } from 'fast-check';
import { DelayedKeys } from '../../../src/runtime/queue/delayed-keys.ts';
import { FakeClock } from '../../harness/fake-clock.ts';

const additions = array(record({ key: constantFrom('a', 'b', 'c', 'd', 'e', 'f'), delayMs: nat(1_000) }), {
  maxLength: 60,
});

test('each key comes due once, at the earliest time it was added for, in the order of times', () => {
  assert(
    property(additions, (added) => {
      const clock = new FakeClock();
      const due: { readonly key: string; readonly at: number }[] = [];
      const delayed = new DelayedKeys<undefined>(clock, (key) => due.push({ key, at: clock.monotonic() }));
      for (const { key, delayMs } of added) delayed.add(key, delayMs, undefined);
      const earliest = new Map<string, number>();
      for (const { key, delayMs } of added) earliest.set(key, Math.min(delayMs, earliest.get(key) ?? Infinity));
      for (let at = 0; at <= 1_001; at += 1) clock.tick(1);
      expect(new Map(due.map(({ key, at }) => [key, at]))).toEqual(earliest);
      expect(due).toHaveLength(earliest.size);
      expect(due.map(({ at }) => at)).toEqual([...earliest.values()].sort((a, b) => a - b));
    }),
    { numRuns: 50 },
  );
});
