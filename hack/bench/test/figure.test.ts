import { median, significant } from '../figure.ts';

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2],
  [[7], 7],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('there is no median of nothing', () => {
  expect(() => median([])).toThrow('nothing');
});

test.each([
  [0.012345, 0.0123],
  [217.4567, 217],
  [12345, 12300],
])('%d is reported as %d', (value, expected) => {
  expect(significant(value)).toBe(expected);
});
