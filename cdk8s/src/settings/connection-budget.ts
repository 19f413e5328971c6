/** Connections that are left for the administrator, the Jobs and backups. */
const reservedConnections = 20;

const fewestPerPod = 2;

/**
 * Connections that one pod may open: what the profile says, or less where that many pods would together exceed what
 * the database accepts. A pod that is refused a connection fails requests; a smaller pool only queues them.
 */
export function connectionsPerPod(wanted: number, maxConnections: number, pods: number): number {
  const share = Math.floor((maxConnections - reservedConnections) / Math.max(1, pods));
  return Math.max(fewestPerPod, Math.min(wanted, share));
}
