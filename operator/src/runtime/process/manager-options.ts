import type { Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import type { Controller } from '../controller.ts';
import type { LeaseOptions } from '../leadership/lease-options.ts';
import type { Logger } from '../logger.ts';
import type { Ownership } from '../ownership.ts';
import type { Cluster } from '../transport/cluster.ts';

/** What an operator is started with. */
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
  readonly random?: () => number;
  /** Name in events and metrics, `genai-operator`. */
  readonly name: string;
  /** Of this process, in events: the pod's name. */
  readonly instance: string;
  /** Requests per second and burst over all ordinary calls; defaults 200 and 400. */
  readonly requestRate?: { readonly perSecond: number; readonly burst: number };
  /** How long reconciles under way may go on after `stop()`; default 30,000. */
  readonly drainMs?: number;
  /** Runs at the very end of `stop()`: flush traces. */
  readonly onStopped?: () => Promise<void>;
}
