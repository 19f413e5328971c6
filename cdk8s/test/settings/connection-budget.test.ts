import { profiles } from '@genai-platform/crds';
import fc from 'fast-check';
import { aPlatform } from '../builders/platform.ts';
import { connectionsPerPod } from '../../src/settings/connection-budget.ts';
import { mostPods } from '../../src/settings/replicas.ts';
import { resolveSettings } from '../../src/settings/settings.ts';

test('a pod opens what the profile says while that fits', () => {
  expect(connectionsPerPod(10, 200, 10)).toBe(10);
});

test('many pods share what the database accepts', () => {
  expect(connectionsPerPod(10, 100, 20)).toBe(4);
});

test('no pod is left with less than two connections', () => {
  expect(connectionsPerPod(10, 100, 1_000)).toBe(2);
});

test('no pods at all are no division by zero', () => {
  expect(connectionsPerPod(10, 100, 0)).toBe(10);
});

test('all pods together never open more than the database accepts, up to 10 pods of two services', () => {
  const scale = fc.record({ maxReplicas: fc.integer({ min: 1, max: 10 }) });
  fc.assert(
    fc.property(fc.constantFrom(...profiles), scale, scale, (profile, search, formatConversion) => {
      const services = { search: { autoscaling: search }, formatConversion: { autoscaling: formatConversion } };
      const { database, workloads, rollout } = resolveSettings(aPlatform({ profile, services }), '1.0.0');
      const users = workloads.filter(({ entry }) => entry.needs.includes('postgres'));
      const pods = users.reduce((sum, { replicas }) => sum + mostPods(replicas, rollout.replacement), 0);
      expect(pods * database.poolMax).toBeLessThanOrEqual(database.maxConnections - 20);
    }),
  );
});
