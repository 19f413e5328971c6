import type { PlatformStep } from '../session.ts';
import { dataStoreStep } from './data-store.ts';

/** Valkey in the cluster, or the server that the platform names. */
export const cache: PlatformStep = dataStoreStep({
  name: 'cache',
  workload: 'cache',
  image: 'valkey',
  condition: 'CacheReady',
  externalHost: ({ session }) => session.platform.spec.cache?.external?.host,
});
