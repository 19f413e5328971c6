import type { Registry } from 'prom-client';
import type { Clock } from './clock.ts';
import type { Controller } from './controller.ts';
import type { LeaseOptions } from './leadership/lease-options.ts';
import type { Logger } from './logger.ts';
import type { Ownership } from './ownership.ts';
import type { Cluster } from './transport/cluster.ts';

export interface ManagerOptions {
  /** Where the API server is and how to speak to it: `inCluster()` or `fromKubeconfig()`. */
  readonly cluster: Cluster;
  readonly controllers: readonly Controller[];
  readonly ownership: Ownership;
  /** Absent: no election, this process leads. */
  readonly lease?: LeaseOptions;
  /** Namespaces to watch; absent: all of the cluster. */
  readonly namespaces?: readonly string[];
  /** Of /livez, /readyz and /metrics; absent: no server. */
  readonly health?: { readonly host: string; readonly port: number };
  readonly registry: Registry;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Name in events and metrics, `genai-operator`. */
  readonly name: string;
  /** Requests per second and burst over all ordinary calls; defaults 100 and 200. */
  readonly requestRate?: { readonly perSecond: number; readonly burst: number };
  /** How long reconciles under way may go on after `stop()`; default 30,000. */
  readonly drainMs?: number;
  /** Runs at the very end of `stop()`: flush traces. */
  readonly onStopped?: () => Promise<void>;
}

/** A running operator. */
export interface Manager {
  /** Bound port of the health server; 0 without one. */
  readonly healthPort: number;
  /** Resolves when it has stopped; rejects when it stopped because it cannot go on. */
  readonly stopped: Promise<void>;
  isLeading(): boolean;
  /** Stops intake, drains, releases the lease, closes everything. Safe to call twice. */
  stop(): Promise<void>;
}
