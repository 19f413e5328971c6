import { copyFile, link, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { versions } from '../versions.ts';
import { OciLayout, type Layer } from './oci-archive.ts';

/** Where the parts of the component images lie. */
export interface ComponentParts {
  /** The binary that is every program of the cluster. */
  readonly kubernetes: string;
  /** Folder with crictl, pause and podnet. */
  readonly programs: string;
  readonly metricsServer: string;
  readonly localPathProvisioner: string;
  /** Root file system with iptables and a shell. */
  readonly netfilter: string;
}

/** Images of this project's own, as the manifests name them. */
export const ownImages = {
  podnet: 'genai-platform/podnet:v1',
  localPathProvisioner: 'genai-platform/local-path-provisioner:v0.0.30',
  metricsServer: `genai-platform/metrics-server:${versions.metricsServer}`,
} as const;

const controlPlane = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/**
 * Writes one archive with all images that a node needs, under the names that kubeadm and kind's container runtime
 * configuration expect. Those of etcd and CoreDNS are the names only: the programs are of the versions in go.mod.
 */
export async function writeComponentImages(parts: ComponentParts, workspace: string, archive: string): Promise<void> {
  const layout = new OciLayout(join(workspace, 'layout'));
  const layer = async (name: string, files: Readonly<Record<string, string>>, links = {}): Promise<Layer> =>
    layout.addLayer(await layOut(join(workspace, name), files, links));

  const programs = [...controlPlane, 'kube-proxy', 'etcd', 'coredns'];
  const links = Object.fromEntries(programs.map((name) => [`usr/local/bin/${name}`, 'kubernetes']));
  const kubernetes = await layer(
    'kubernetes',
    { 'usr/local/bin/kubernetes': parts.kubernetes },
    { ...links, coredns: 'usr/local/bin/coredns' },
  );
  const pause = await layer('pause', { pause: join(parts.programs, 'pause') });
  const podnet = await layer('podnet', { 'usr/local/bin/podnet': join(parts.programs, 'podnet') });
  const storage = await layer('storage', { 'usr/local/bin/local-path-provisioner': parts.localPathProvisioner });
  const metrics = await layer('metrics', { 'metrics-server': parts.metricsServer });
  const netfilter = await layout.addLayer(parts.netfilter);

  const upstream = (name: string): string => `registry.k8s.io/${name}`;
  for (const name of controlPlane) {
    await layout.addImage({ name: upstream(`${name}:${versions.kubernetes}`), layers: [kubernetes] });
  }
  await layout.addImage({ name: upstream(`kube-proxy:${versions.kubernetes}`), layers: [kubernetes, netfilter] });
  await layout.addImage({ name: upstream('etcd:3.6.6-0'), layers: [kubernetes] });
  const coredns = { name: upstream('coredns/coredns:v1.13.1'), layers: [kubernetes], entrypoint: ['/coredns'] };
  await layout.addImage(coredns);
  // 3.10 is what kind's containerd configuration names, not kubeadm's own version.
  await layout.addImage({ name: upstream('pause:3.10'), layers: [pause], entrypoint: ['/pause'] });
  const own = (name: string): string => `docker.io/${name}`;
  await layout.addImage({ name: own(ownImages.podnet), layers: [netfilter, podnet], entrypoint: ['podnet'] });
  // With the shell of the netfilter layer: it makes and removes folders on a node by a pod of its own image.
  await layout.addImage({ name: own(ownImages.localPathProvisioner), layers: [netfilter, storage] });
  await layout.addImage({ name: own(ownImages.metricsServer), layers: [metrics], entrypoint: ['/metrics-server'] });
  await layout.write(archive);
}

/** Makes a folder of files (target path to source) and of symbolic links (path to what they point to). */
async function layOut(
  folder: string,
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>>,
): Promise<string> {
  for (const [target, source] of Object.entries(files)) {
    await mkdir(dirname(join(folder, target)), { recursive: true });
    // Linked where both are on one file system: it is a matter of hundreds of megabytes.
    await link(source, join(folder, target)).catch(() => copyFile(source, join(folder, target)));
  }
  for (const [path, to] of Object.entries(links)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await symlink(to, join(folder, path));
  }
  return folder;
}
