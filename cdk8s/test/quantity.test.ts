import { maxQuantity, minQuantity, parseQuantity, shareInMebibytes } from '../src/quantity.ts';

test.each([
  ['500m', 0.5],
  ['2', 2],
  [2, 2],
  ['0.1', 0.1],
  ['1k', 1_000],
  ['1Ki', 1_024],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['1e3', 1_000],
  ['1E', 1e18],
  ['100u', 0.0001],
])('%s is %d', (quantity, value) => {
  expect(parseQuantity(quantity)).toBeCloseTo(value, 10);
});

test('what is no quantity is an error that quotes it', () => {
  expect(() => parseQuantity('1GB')).toThrow('not a quantity: 1GB');
});

test('quantities are compared by value and returned as written', () => {
  expect(maxQuantity('1000Mi', '1Gi')).toBe('1Gi');
  expect(minQuantity('1000m', '2')).toBe('1000m');
});

test('a share is given in whole mebibytes', () => {
  expect(shareInMebibytes('512Mi', 1 / 4)).toBe(128);
  expect(shareInMebibytes('1', 1 / 4)).toBe(1);
});
