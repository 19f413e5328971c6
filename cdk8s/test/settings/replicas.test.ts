import { profileDefaults } from '@genai-platform/crds';
import { resolveReplicas } from '../../src/settings/replicas.ts';

const production = profileDefaults.production;

test.each([
  ['nothing given is the profile', {}, { min: 2, max: 4 }],
  ['a minimum above the maximum of the profile raises it', { autoscaling: { minReplicas: 6 } }, { min: 6, max: 6 }],
  ['a maximum below the minimum of the profile lowers it', { autoscaling: { maxReplicas: 1 } }, { min: 1, max: 1 }],
  ['both are kept', { autoscaling: { minReplicas: 3, maxReplicas: 9 } }, { min: 3, max: 9 }],
])('%s', (_what, given, bounds) => {
  expect(resolveReplicas(production, given)).toStrictEqual({ kind: 'autoscaled', targetCpuPercent: 80, ...bounds });
});

test('a fixed number needs no autoscaler', () => {
  expect(resolveReplicas(production, { replicas: 3 })).toStrictEqual({ kind: 'fixed', count: 3 });
});
