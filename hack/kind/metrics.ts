import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkout } from '../machine/checkout.ts';
import type { GoOptions } from '../machine/go.ts';
import { kubectl } from './kubectl.ts';
import { ownImages } from './node-image/component-images.ts';
import { builtRepository } from './node-image.ts';
import { readClusterRecord } from './cluster-record.ts';
import { versions } from './versions.ts';

const manifest = join(import.meta.dirname, 'manifests/metrics-server.yaml');

/** Installs metrics-server and waits until it serves, so that `kubectl top` and HPAs work. */
export async function ensureMetrics(checkout: Checkout, options: GoOptions): Promise<void> {
  const { say, ...rest } = options;
  const built = readClusterRecord(checkout)?.image.startsWith(builtRepository) === true;
  const image = built
    ? ownImages.metricsServer // Part of the node image.
    : `registry.k8s.io/metrics-server/metrics-server:${versions.metricsServer}`;
  const input = (await readFile(manifest, 'utf8')).replace('METRICS_SERVER_IMAGE', image);
  await kubectl(checkout, ['apply', '--server-side', '--force-conflicts', '-f', '-'], { ...rest, input });
  say?.('waiting for the first measurements');
  await kubectl(
    checkout,
    ['-n', 'kube-system', 'rollout', 'status', 'deployment/metrics-server', '--timeout=180s'],
    rest,
  );
}
