import type { Cases, WrittenSpec } from './case.ts';
import { dev } from './case.ts';

const rollout = (settings: Readonly<Record<string, unknown>>): WrittenSpec => dev({ rollout: settings });

export const rolloutCases: Cases = {
  accepted: [
    ['a rollout without settings', rollout({})],
    ['pods that are added, and pods that may be missing', rollout({ maxSurge: 2, maxUnavailable: '25%' })],
    ['pods that may be missing while none is added', rollout({ maxSurge: 0, maxUnavailable: 1 })],
    ['old pods first', rollout({ strategy: 'Recreate' })],
    ['a deadline', rollout({ progressDeadline: '1h30m' })],
    ['the shortest deadline', rollout({ progressDeadline: '10s' })],
    ['a pause', rollout({ paused: true })],
    ['a way back', rollout({ rollbackPolicy: 'Auto', revisionHistoryLimit: 3 })],
    ['no history', rollout({ revisionHistoryLimit: 0 })],
    ['a platform that is left alone', dev({ suspend: true })],
  ],
  rejected: [
    ['an unknown strategy', rollout({ strategy: 'BlueGreen' }), 'supported values: "RollingUpdate", "Recreate"'],
    [
      'old pods first and a number of new ones',
      rollout({ strategy: 'Recreate', maxSurge: 1 }),
      'maxUnavailable and maxSurge are for the strategy RollingUpdate only',
    ],
    [
      'a rollout that could replace no pod',
      rollout({ maxSurge: 0 }),
      'maxUnavailable must be more than 0 when maxSurge is 0',
    ],
    [
      'a rollout that could replace no pod, in percent',
      rollout({ maxSurge: '0%', maxUnavailable: 0 }),
      'maxUnavailable must be more than 0 when maxSurge is 0',
    ],
    [
      'more pods than all',
      rollout({ maxUnavailable: '101%' }),
      'must be a number of pods from 0 to 100 or a percentage',
    ],
    ['fewer pods than none', rollout({ maxSurge: -1 }), 'must be a number of pods from 0 to 100 or a percentage'],
    [
      'a deadline without a unit',
      rollout({ progressDeadline: '600' }),
      'must be a duration in hours, minutes and seconds',
    ],
    ['a deadline before anything can start', rollout({ progressDeadline: '5s' }), 'must be from 10s to 24h'],
    ['a deadline in days', rollout({ progressDeadline: '48h' }), 'must be from 10s to 24h'],
    ['an unknown policy', rollout({ rollbackPolicy: 'Never' }), 'supported values: "Auto", "Manual"'],
    ['a history without end', rollout({ revisionHistoryLimit: 101 }), 'should be less than or equal to 100'],
  ],
};
