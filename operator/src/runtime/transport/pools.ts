import { Pool } from 'undici';
import type { Cluster } from './cluster.ts';
import { createConnector } from './connector.ts';

/**
 * Separate connections for separate needs: a burst of writes must not delay a lease renewal, and watches hold their
 * connections for minutes.
 */
export type PoolRole = 'normal' | 'lease' | 'watch';

/** Connections of the normal pool, and so the requests under way at once. */
export const normalConnections = 16;

// A reset is an answer to rejected credentials; many requests may be rejected at once.
const resetPauseMs = 10_000;

/** One keep-alive pool per role to one API server, made once and kept. */
export class Pools {
  readonly #cluster: Cluster;
  #pools: Readonly<Record<PoolRole, Pool>>;
  #resetAt = Number.NEGATIVE_INFINITY;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#pools = createPools(cluster);
  }

  get(role: PoolRole): Pool {
    return this.#pools[role];
  }

  /** Replaces all connections, because a client certificate belongs to the connection; those in use end by themselves. */
  reset(monotonicMs: number): void {
    if (monotonicMs - this.#resetAt < resetPauseMs) return;
    this.#resetAt = monotonicMs;
    const old = this.#pools;
    this.#pools = createPools(this.#cluster);
    for (const pool of Object.values(old)) void pool.close().catch(() => undefined);
  }

  /** Ends every connection at once. */
  async destroy(): Promise<void> {
    await Promise.all(Object.values(this.#pools).map((pool) => pool.destroy()));
  }
}

function createPools(cluster: Cluster): Readonly<Record<PoolRole, Pool>> {
  const connect = createConnector(() => cluster.tls());
  // Deadlines are the transport's: undici's own (300 s) would end a quiet watch and not a slow write.
  const base = { connect, pipelining: 1, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 60_000 };
  const origin = cluster.server.origin;
  return {
    normal: new Pool(origin, { ...base, connections: normalConnections }),
    lease: new Pool(origin, { ...base, connections: 2 }),
    watch: new Pool(origin, { ...base, connections: null }),
  };
}
