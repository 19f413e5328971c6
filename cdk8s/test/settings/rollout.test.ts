import { resolveRollout, surgeOf } from '../../src/settings/rollout.ts';

test('by default a pod is added before one is taken away, and a failure in production goes back by itself', () => {
  expect(resolveRollout({ profile: 'production' })).toStrictEqual({
    replacement: { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 },
    progressDeadlineSeconds: 600,
    paused: false,
    rollbackPolicy: 'Auto',
    revisionHistoryLimit: 10,
  });
});

test('what is given stands over the profile', () => {
  const rollout = { maxUnavailable: '50%', progressDeadline: '1h2m3s', rollbackPolicy: 'Manual' } as const;
  expect(resolveRollout({ profile: 'production', rollout })).toMatchObject({
    replacement: { maxSurge: 1, maxUnavailable: '50%' },
    progressDeadlineSeconds: 3_723,
    rollbackPolicy: 'Manual',
  });
});

test.each([
  ['a number', { maxSurge: 3 }, 3],
  ['a percentage, rounded up', { maxSurge: '25%' }, 2],
  ['none', { maxSurge: 0, maxUnavailable: 1 }, 0],
  ['none where old pods go first', { strategy: 'Recreate' as const }, 0],
])('pods beside the wanted ones: %s', (_what, rollout, surge) => {
  const { replacement } = resolveRollout({ profile: 'dev', rollout });
  expect(surgeOf(replacement, 5)).toBe(surge);
});
