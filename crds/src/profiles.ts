import type { Profile } from './profile.ts';

/** Requests and limits of one pod, as Kubernetes quantities. */
export interface PodSize {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

/** How much a workload needs relative to others; the catalogue gives each workload one. */
export type WorkloadSize = 'small' | 'medium' | 'large';

/** Everything that a profile fills in. */
export interface ProfileDefaults {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly workloads: Readonly<Record<WorkloadSize, PodSize>>;
  readonly database: { readonly storageSize: string; readonly maxConnections: number; readonly size: PodSize };
  readonly cache: { readonly storageSize: string; readonly size: PodSize };
  /** Database connections that one pod opens at most. */
  readonly databasePoolMax: number;
  /** Who may register. */
  readonly signUp: 'Open' | 'BetaToken' | 'Closed';
  readonly rateLimit: { readonly requestsPerSecond: number; readonly burst: number };
  /** Where people look on, what fails stays to be looked at; where nobody does, it goes back by itself. */
  readonly rollout: { readonly progressDeadline: string; readonly rollbackPolicy: 'Auto' | 'Manual' };
}

function pod(cpu: string, memory: string, limits: { cpu: string; memory: string }): PodSize {
  return { requests: { cpu, memory }, limits };
}

/**
 * The table of profiles. `beta` is the smallest that works, `dev` fits beside an editor on two cores,
 * `staging` is production at a quarter of the size, `production` keeps two pods of everything.
 */
export const profileDefaults: Readonly<Record<Profile, ProfileDefaults>> = {
  beta: {
    minReplicas: 1,
    maxReplicas: 2,
    workloads: {
      small: pod('50m', '128Mi', { cpu: '500m', memory: '256Mi' }),
      medium: pod('50m', '192Mi', { cpu: '1', memory: '512Mi' }),
      large: pod('50m', '256Mi', { cpu: '1', memory: '896Mi' }),
    },
    database: { storageSize: '5Gi', maxConnections: 100, size: pod('100m', '256Mi', { cpu: '1', memory: '512Mi' }) },
    cache: { storageSize: '1Gi', size: pod('25m', '64Mi', { cpu: '500m', memory: '128Mi' }) },
    databasePoolMax: 5,
    rollout: { progressDeadline: '5m', rollbackPolicy: 'Manual' },
    rateLimit: { requestsPerSecond: 1000, burst: 2000 },
    signUp: 'BetaToken',
  },
  dev: {
    minReplicas: 1,
    maxReplicas: 4,
    workloads: {
      small: pod('50m', '128Mi', { cpu: '1', memory: '384Mi' }),
      medium: pod('100m', '192Mi', { cpu: '1', memory: '768Mi' }),
      large: pod('100m', '256Mi', { cpu: '1', memory: '1Gi' }),
    },
    database: { storageSize: '5Gi', maxConnections: 100, size: pod('100m', '256Mi', { cpu: '1', memory: '512Mi' }) },
    cache: { storageSize: '1Gi', size: pod('25m', '64Mi', { cpu: '500m', memory: '128Mi' }) },
    databasePoolMax: 5,
    rollout: { progressDeadline: '5m', rollbackPolicy: 'Manual' },
    rateLimit: { requestsPerSecond: 1000, burst: 2000 },
    signUp: 'Open',
  },
  staging: {
    minReplicas: 1,
    maxReplicas: 4,
    workloads: {
      small: pod('100m', '192Mi', { cpu: '1', memory: '512Mi' }),
      medium: pod('250m', '384Mi', { cpu: '2', memory: '1Gi' }),
      large: pod('250m', '512Mi', { cpu: '2', memory: '1536Mi' }),
    },
    database: { storageSize: '20Gi', maxConnections: 200, size: pod('250m', '1Gi', { cpu: '2', memory: '2Gi' }) },
    cache: { storageSize: '2Gi', size: pod('100m', '256Mi', { cpu: '1', memory: '512Mi' }) },
    databasePoolMax: 10,
    rollout: { progressDeadline: '10m', rollbackPolicy: 'Auto' },
    rateLimit: { requestsPerSecond: 1000, burst: 2000 },
    signUp: 'Closed',
  },
  production: {
    minReplicas: 2,
    maxReplicas: 4,
    workloads: {
      small: pod('250m', '256Mi', { cpu: '2', memory: '512Mi' }),
      medium: pod('500m', '512Mi', { cpu: '2', memory: '2Gi' }),
      large: pod('500m', '768Mi', { cpu: '2', memory: '2Gi' }),
    },
    database: { storageSize: '100Gi', maxConnections: 400, size: pod('1', '4Gi', { cpu: '4', memory: '8Gi' }) },
    cache: { storageSize: '5Gi', size: pod('250m', '1Gi', { cpu: '2', memory: '2Gi' }) },
    databasePoolMax: 10,
    rateLimit: { requestsPerSecond: 1000, burst: 2000 },
    rollout: { progressDeadline: '10m', rollbackPolicy: 'Auto' },
    signUp: 'Closed',
  },
};
