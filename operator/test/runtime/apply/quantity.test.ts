import { assert, integer, property } from 'fast-check';
import { isSameQuantity } from '../../../src/runtime/apply/quantity.ts';

test.each([
  ['1000m', '1'],
  ['0.5', '500m'],
  ['.5', '500m'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['1e3', '1k'],
  ['1E3', '1000'],
  ['100M', '100000k'],
  ['+1', '1'],
  ['-1', '-1000m'],
  ['0', '0Gi'],
  ['1n', '0.000000001'],
  // Finer than nano is rounded up, as the API server does.
  ['0.0000000001', '1n'],
])('%s is %s', (a, b) => {
  expect(isSameQuantity(a, b)).toBe(true);
});

test.each([
  ['1', '2'],
  ['1Gi', '1G'],
  ['1', '1m'],
  ['', ''],
  ['abc', 'abc'],
  ['1 Gi', '1Gi'],
  ['1GB', '1GB'],
])('%s is not known to be %s', (a, b) => {
  expect(isSameQuantity(a, b)).toBe(false);
});

test('a number is the quantity that it prints as', () => {
  expect(isSameQuantity(2, '2000m')).toBe(true);
});

test('every count of millis equals itself in every other suffix that holds it', () => {
  assert(
    property(integer({ min: 0, max: 2 ** 31 }), (count) => {
      expect(isSameQuantity(`${count}m`, `${count * 1000}u`)).toBe(true);
      expect(isSameQuantity(`${count}Ki`, `${count * 1024}`)).toBe(true);
      expect(isSameQuantity(`${count}`, `${count + 1}`)).toBe(false);
    }),
  );
});
