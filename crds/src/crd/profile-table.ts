import { profiles } from '../profile.ts';
import type { PodSize, ProfileDefaults } from '../profiles.ts';
import { profileDefaults } from '../profiles.ts';

const rows: readonly (readonly [string, (defaults: ProfileDefaults) => string])[] = [
  ['pods per workload', ({ minReplicas, maxReplicas }) => `${minReplicas}–${maxReplicas}`],
  ['small workload', ({ workloads }) => pod(workloads.small)],
  ['medium workload', ({ workloads }) => pod(workloads.medium)],
  ['large workload', ({ workloads }) => pod(workloads.large)],
  ['database pod', ({ database }) => pod(database.size)],
  ['database volume', ({ database }) => database.storageSize],
  ['database connections', ({ database }) => String(database.maxConnections)],
  ['connections per pod', ({ databasePoolMax }) => String(databasePoolMax)],
  ['cache pod', ({ cache }) => pod(cache.size)],
  ['cache volume', ({ cache }) => cache.storageSize],
  ['requests per second (burst)', ({ rateLimit }) => `${rateLimit.requestsPerSecond} (${rateLimit.burst})`],
  ['progress deadline', ({ rollout }) => rollout.progressDeadline],
  ['rollback policy', ({ rollout }) => rollout.rollbackPolicy],
];

function pod({ requests, limits }: PodSize): string {
  return `${requests.cpu}–${limits.cpu}, ${requests.memory}–${limits.memory}`;
}

/** What each profile fills in, as a Markdown table. */
export function profileTable(): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    'Pods are given as request–limit of processor time and memory.',
    '',
    line(['', ...profiles]),
    line(['---', ...profiles.map(() => '---')]),
    ...rows.map(([title, cell]) => line([title, ...profiles.map((name) => cell(profileDefaults[name]))])),
  ].join('\n');
}
