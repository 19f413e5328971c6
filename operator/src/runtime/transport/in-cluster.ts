import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import type { Cluster } from './cluster.ts';

/** Where kubelet mounts the service account. */
const defaultDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';
// A bound token lives an hour or more and kubelet replaces it at 80 %; client-go re-reads every minute as well.
const tokenMaxAgeMs = 60_000;

export interface InClusterOptions {
  /** KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT. */
  readonly host: string;
  readonly port: string | number;
  readonly directory?: string;
  readonly clock?: Clock;
}

/**
 * The cluster that this pod runs in, by its service account. Reads the token again every minute and after a 401.
 * @throws Error when the service account's files are not mounted.
 */
export function inCluster(options: InClusterOptions): Cluster {
  const directory = options.directory ?? defaultDirectory;
  const clock = options.clock ?? systemClock;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const namespace = readFileSync(join(directory, 'namespace'), 'utf8').trim();
  let token: { readonly text: string; readonly readAt: number } | undefined;
  return {
    server: new URL(`https://${host}:${options.port}`),
    namespace,
    tls: () => ({ ca: readFileSync(join(directory, 'ca.crt')) }),
    async headers() {
      if (!token || clock.monotonic() - token.readAt > tokenMaxAgeMs) {
        const text = (await readFile(join(directory, 'token'), 'utf8')).trim();
        token = { text, readAt: clock.monotonic() };
      }
      return { authorization: `Bearer ${token.text}` };
    },
    invalidate() {
      token = undefined;
    },
  };
}
