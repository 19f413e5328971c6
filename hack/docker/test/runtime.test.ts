import { mayHaveSysResource } from '../runtime.ts';

test.each([
  ['CapBnd:\t000001ffffffffff\n', true],
  ['CapBnd:\t000001fffeffffff\n', false],
  ['nothing of the kind', true],
])('reads from %j whether CAP_SYS_RESOURCE can be had: %s', (status, expected) => {
  expect(mayHaveSysResource(status)).toBe(expected);
});
