import fc from 'fast-check';
import { checkFilter } from '../../src/domain/filter/check-filter.ts';
import { Filter } from '../../src/domain/filter/filter.ts';
import { memoryIndex } from '../harness/memory-index.ts';
import type { SentDocument } from '../harness/start-search.ts';

const settings = {
  fields: {
    text: { type: 'text' },
    tag: { type: 'keyword' },
    size: { type: 'integer' },
    ready: { type: 'boolean' },
    day: { type: 'date' },
  },
};
const tag = fc.constantFrom('a', 'b', 'ä', '𝒳', '\uffee');
const size = fc.integer({ min: -3, max: 3 });
const day = fc.integer({ min: 1, max: 9 }).map((n) => `2024-01-0${n}`);
const oneOrMany = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  fc.oneof(value, fc.array(value, { maxLength: 3 }));
const fields = fc.record(
  { tag: oneOrMany(tag), size: oneOrMany(size), ready: fc.boolean(), day: oneOrMany(day) },
  { requiredKeys: [] },
);
const documents = fc
  .array(fields, { minLength: 1, maxLength: 20 })
  .map((list) => list.map((each, i): SentDocument => ({ id: `d${i}`, fields: { ...each, text: 'word' } })));

const condition = fc.oneof(
  fc
    .oneof(
      tag.map((value) => ['tag', value] as const),
      size.map((value) => ['size', value] as const),
      day.map((value) => ['day', value] as const),
      fc.boolean().map((value) => ['ready', value] as const),
    )
    .map(([field, value]) => ({ op: 'eq', field, value })),
  fc.array(tag, { minLength: 1, maxLength: 3 }).map((values) => ({ op: 'in', field: 'tag', values })),
  fc
    .tuple(
      fc.constantFrom('gt', 'gte'),
      fc.constantFrom('lt', 'lte'),
      fc.oneof(
        fc.tuple(fc.constant('tag'), tag, tag),
        fc.tuple(fc.constant('size'), size, size),
        fc.tuple(fc.constant('day'), day, day),
      ),
      fc.constantFrom(0, 1, 2),
    )
    .map(([low, high, [field, a, b], sides]) => ({
      op: 'range',
      field,
      ...(sides !== 1 && { [low]: a }),
      ...(sides !== 2 && { [high]: b }),
    })),
  fc.constantFrom('tag', 'size', 'ready', 'day').map((field) => ({ op: 'exists', field })),
);
const { filter } = fc.letrec<{ filter: unknown }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small' },
    condition,
    fc.record({ op: fc.constantFrom('and', 'or'), filters: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ op: fc.constant('not'), filter: tie('filter') }),
  ),
}));

/** What a filter means, told in the plainest way. */
function meets(node: Filter, document: SentDocument): boolean {
  if (node.op === 'and') return node.filters.every((each) => meets(each, document));
  if (node.op === 'or') return node.filters.some((each) => meets(each, document));
  if (node.op === 'not') return !meets(node.filter, document);
  const values = [document.fields[node.field] ?? []].flat() as (string | number | boolean)[];
  if (node.op === 'exists') return values.length > 0;
  if (node.op === 'eq') return values.includes(node.value);
  if (node.op === 'in') return values.some((value) => node.values.includes(value));
  return values.some((value) => inRange(node, value as string | number));
}

function inRange({ gt, gte, lt, lte }: Extract<Filter, { op: 'range' }>, value: string | number): boolean {
  const compare = (bound: string | number): number =>
    typeof value === 'string'
      ? Buffer.compare(Buffer.from(value), Buffer.from(bound as string))
      : value - (bound as number);
  return (
    (gt === undefined || compare(gt) > 0) &&
    (gte === undefined || compare(gte) >= 0) &&
    (lt === undefined || compare(lt) < 0) &&
    (lte === undefined || compare(lte) <= 0)
  );
}

test('filters mean what a plain evaluation of the documents means, and facets count exactly that', async () => {
  await fc.assert(
    fc.asyncProperty(documents, filter, fc.integer({ min: 1, max: 20 }), async (list, raw, perSegment) => {
      const node = Filter.parse(raw);
      const groups = Array.from({ length: Math.ceil(list.length / perSegment) }, (_, i) =>
        list.slice(i * perSegment, (i + 1) * perSegment),
      );
      const index = await memoryIndex(settings, groups);
      const facets = [
        { field: 'tag', size: 100 },
        { field: 'size', size: 100 },
      ];
      const checked = checkFilter(node, index.snapshot.settings, '/filter');
      const { ids, total, facets: counted } = await index.search({ text: 'word' }, { filter: checked, facets });
      const matching = list.filter((document) => meets(node, document));
      expect(new Set(ids)).toEqual(new Set(matching.map(({ id }) => id)));
      expect(total).toBe(matching.length);
      for (const [i, field] of ['tag', 'size'].entries()) {
        const expected = new Map<unknown, number>();
        for (const document of matching)
          for (const value of new Set([document.fields[field] ?? []].flat()))
            expected.set(value, (expected.get(value) ?? 0) + 1);
        expect(new Map(counted[i]!.values.map(({ value, count }) => [value as unknown, count]))).toEqual(expected);
      }
    }),
    { numRuns: 250 },
  );
});

test.each([
  [{ op: 'eq', field: 'missing', value: 1 }, '/filter/field', 'the index has no field "missing"'],
  [{ op: 'eq', field: 'toString', value: 1 }, '/filter/field', 'the index has no field "toString"'],
  [
    { op: 'eq', field: 'text', value: 'x' },
    '/filter/field',
    '"text" is text; filters, facets and sorting take the other types',
  ],
  [{ op: 'eq', field: 'size', value: 1.5 }, '/filter/value', 'must be a whole number'],
  [{ op: 'in', field: 'tag', values: ['a', 2] }, '/filter/values/1', 'must be a string of at most 512 characters'],
  [
    {
      op: 'and',
      filters: [
        { op: 'exists', field: 'tag' },
        { op: 'not', filter: { op: 'eq', field: 'ready', value: 'yes' } },
      ],
    },
    '/filter/filters/1/filter/value',
    'must be true or false',
  ],
  [{ op: 'range', field: 'day', gte: '2024-02-30' }, '/filter/gte', 'must be an RFC 3339 date or date-time'],
  [{ op: 'range', field: 'size' }, '/filter', 'a range needs gt, gte, lt or lte'],
  [{ op: 'range', field: 'size', gt: 1, gte: 2 }, '/filter/gt', 'give gt or gte, not both'],
  [{ op: 'range', field: 'ready', gt: 1 }, '/filter/field', 'booleans have no range; use eq'],
])('refuses %j at %s', async (raw, pointer, detail) => {
  const { snapshot } = await memoryIndex(settings, [[]]);
  expect(() => checkFilter(Filter.parse(raw), snapshot.settings, '/filter')).toThrow(
    expect.objectContaining({ issue: { pointer, detail } }),
  );
});

test('refuses filters that nest too deep or have too many conditions', async () => {
  const { snapshot } = await memoryIndex(settings, [[]]);
  const leaf = { op: 'exists', field: 'tag' } as const;
  const deep = Array.from({ length: 16 }).reduce<Filter>((inner) => ({ op: 'not', filter: inner }), leaf);
  const wide: Filter = {
    op: 'and',
    filters: Array.from({ length: 3 }, () => ({ op: 'or', filters: Array<Filter>(90).fill(leaf) })),
  };
  expect(() => checkFilter(deep, snapshot.settings, '/filter')).toThrow('filters nest at most 16 deep');
  expect(() => checkFilter(wide, snapshot.settings, '/filter')).toThrow('a filter has at most 256 conditions');
});
