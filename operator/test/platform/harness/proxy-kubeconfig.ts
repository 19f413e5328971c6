import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FaultProxy } from '../../harness/fault-proxy.ts';
import type { World } from './world.ts';

interface Kubeconfig {
  clusters: { cluster: Record<string, string> }[];
}

/** Writes a kubeconfig that leads the operator's own account through the proxy; returns its path. */
export async function writeProxyKubeconfig({ kubeconfig, plane }: World, proxy: FaultProxy): Promise<string> {
  const config = JSON.parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
  const { server, tls } = proxy.cluster;
  const authority = Buffer.from(String(tls().ca)).toString('base64');
  const cluster = { server: server.origin, 'certificate-authority-data': authority };
  config.clusters.forEach((entry) => (entry.cluster = cluster));
  const path = join(plane.directory, `proxy-${server.port}.kubeconfig`);
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
