import fc from 'fast-check';
import { mergeSegments } from '../../src/domain/segment/merge-segments.ts';
import { memoryIndex, numbersOf, runSteps } from '../harness/memory-index.ts';
import type { SentDocument } from '../harness/start-search.ts';

const settings = {
  acl: true,
  fields: { title: { type: 'text' }, body: { type: 'text' }, tag: { type: 'keyword' }, size: { type: 'number' } },
};
const words = fc.array(fc.constantFrom('running', 'runs', 'café', 'cafe', 'the', '日本語', 'b', 'search', 'Straße'), {
  maxLength: 9,
});
const fields = fc.record(
  {
    title: words.map((list) => list.join(' ')),
    body: fc.oneof(
      words.map((list) => list.join(' ')),
      fc.array(
        words.map((list) => list.join(' ')),
        { maxLength: 3 },
      ),
    ),
    tag: fc.array(fc.constantFrom('x', 'y', 'é', '𝒳', '\uffee'), { maxLength: 3 }),
    size: fc.double({ noNaN: true, noDefaultInfinity: true }),
  },
  { requiredKeys: [] },
);
const groups = fc
  .array(
    fc.array(fc.record({ fields, acl: fc.array(fc.constantFrom('user:a', '*')) }), { minLength: 1, maxLength: 6 }),
    { minLength: 1, maxLength: 5 },
  )
  .map((list) => list.map((group, g) => group.map((document, i): SentDocument => ({ id: `${g}-${i}`, ...document }))));

test('a merged segment equals, byte for byte, one built of the documents that are left', async () => {
  await fc.assert(
    fc.asyncProperty(groups, fc.array(fc.tuple(fc.nat(4), fc.nat(5)), { maxLength: 6 }), async (list, removed) => {
      const deleted = removed.map(([g, i]) => `${g}-${i}`);
      const index = await memoryIndex(settings, list, deleted);
      const inputs = index.snapshot.segments.map((live) => ({
        ...live,
        bytes: index.files.get(live.segment.id)!.bytes,
      }));
      const { file, numbers } = runSteps(mergeSegments(inputs, index.snapshot.settings));
      const left = list.flat().filter(({ id }) => !deleted.includes(id));
      const fresh = await memoryIndex(settings, [left]);
      const [expected] = fresh.files.values();
      const { numbers: gaps, ...directory } = file.directory;
      expect(directory).toEqual(expected!.directory);
      expect(Buffer.compare(file.bytes.subarray(0, gaps?.[0]), expected!.bytes)).toBe(0);
      expect(file.totals).toEqual(expected!.totals);
      expect(numbers.map((number) => index.ids[number])).toEqual(left.map(({ id }) => id));
      const held = numbersOf(file, numbers[0] ?? 0);
      numbers.forEach((number, ordinal) => {
        expect(held.numberOf(ordinal)).toBe(number);
        expect(held.ordinalOf(number)).toBe(ordinal);
      });
    }),
    { numRuns: 120 },
  );
});

test('segments written before a field existed merge with those written after', async () => {
  const before = await memoryIndex({ fields: { title: { type: 'text' } } }, [
    [{ id: 'a', fields: { title: 'old one' } }],
  ]);
  const after = await memoryIndex(
    { fields: { title: { type: 'text' }, note: { type: 'text' }, tag: { type: 'keyword' } } },
    [[{ id: 'b', fields: { title: 'new one', note: 'extra', tag: 't' } }]],
  );
  const inputs = [before, after].flatMap((index) =>
    index.snapshot.segments.map((live) => ({ ...live, bytes: index.files.get(live.segment.id)!.bytes })),
  );
  const { file } = runSteps(mergeSegments(inputs, after.snapshot.settings));
  expect(file.documents).toBe(2);
  expect(file.totals).toEqual({ title: 4, note: 1 });
});
