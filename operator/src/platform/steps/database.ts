import type { PlatformStep } from '../session.ts';
import { dataStoreStep } from './data-store.ts';

/** PostgreSQL in the cluster, or the server that the platform names. */
export const database: PlatformStep = dataStoreStep({
  name: 'database',
  workload: 'postgres',
  image: 'postgres',
  condition: 'DatabaseReady',
  externalHost: ({ session }) => session.platform.spec.database?.external?.host,
});
