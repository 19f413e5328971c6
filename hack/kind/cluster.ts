import { writeFile } from 'node:fs/promises';
import { docker } from '../docker/client.ts';
import { AdvisedError } from '../machine/advice.ts';
import { statePath, type Checkout } from '../machine/checkout.ts';
import { exec } from '../machine/exec.ts';
import type { GoOptions } from '../machine/go.ts';
import { clusterConfig } from './cluster-config.ts';
import { readClusterRecord, writeClusterRecord } from './cluster-record.ts';
import { deleteNodes, hasNodes, kindNetwork } from './delete-cluster.ts';
import { raiseGuard } from './guard.ts';
import { kubectl } from './kubectl.ts';
import { chooseHostPorts } from './ports.ts';
import { kindPath } from './tools.ts';

/** What a cluster is created with. */
export interface ClusterOptions {
  readonly image: string;
  /** Nodes beside the control plane; as it is where the cluster exists, else none, unless given. */
  readonly workers?: number | undefined;
}

/**
 * Makes sure that the checkout's cluster runs and answers. One that was interrupted while it was being created, or
 * whose nodes no longer answer, is created anew: a half made control plane cannot be finished.
 */
export async function ensureCluster(checkout: Checkout, cluster: ClusterOptions, options: GoOptions): Promise<void> {
  if (await isUsable(checkout, cluster.workers)) {
    await raiseGuard(checkout);
    return;
  }
  options.say?.('removing what is left of an earlier cluster');
  await deleteNodes(checkout);
  await create(checkout, cluster, options);
}

async function isUsable(checkout: Checkout, workers: number | undefined): Promise<boolean> {
  const record = readClusterRecord(checkout);
  if (record?.complete !== true || !(await hasNodes(checkout)) || !(await answers(checkout))) return false;
  if (workers === undefined || workers === record.workers) return true;
  throw new AdvisedError(
    `the cluster ${checkout.clusterName} has ${String(record.workers)} workers, not ${String(workers)}`,
    'Run hack/down first: the number of nodes cannot be changed while a cluster exists.',
  );
}

async function answers(checkout: Checkout): Promise<boolean> {
  const question = kubectl(checkout, ['get', '--raw', '/readyz'], { deadlineMs: 10_000 });
  return question.then(
    () => true,
    () => false,
  );
}

async function create(checkout: Checkout, { image, workers = 0 }: ClusterOptions, options: GoOptions): Promise<void> {
  const kind = await kindPath(options);
  const record = { image, workers, madeNetwork: await willMakeNetwork(checkout) };
  await writeClusterRecord(checkout, { ...record, complete: false });
  await chooseHostPorts(checkout);
  const config = statePath(checkout, 'kind.yaml');
  await writeFile(config, clusterConfig(checkout, workers));
  options.announce?.('adds two iptables rules that keep cluster addresses inside (hack/down removes them)');
  await raiseGuard(checkout);
  const target = ['--name', checkout.clusterName, '--kubeconfig', checkout.kubeconfig];
  const settings = ['--image', image, '--config', config, '--wait', '180s'];
  const { say, announce: _announce, ...rest } = options;
  await exec(kind, ['create', 'cluster', ...target, ...settings], {
    ...rest,
    deadlineMs: 10 * 60_000,
    env: { KIND_EXPERIMENTAL_PROVIDER: 'docker' },
    onLine: (line) => {
      const what = /^•\s+([\w -]+)/u.exec(line.trim())?.[1];
      if (what !== undefined) say?.(what.trim().toLowerCase());
    },
  });
  say?.('waiting for DNS');
  // A name looked up before DNS is ready is remembered as missing by many a resolver.
  await kubectl(checkout, ['-n', 'kube-system', 'rollout', 'status', 'deployment/coredns', '--timeout=120s'], rest);
  await writeClusterRecord(checkout, { ...record, complete: true });
}

/** Also where an earlier attempt made it. */
async function willMakeNetwork(checkout: Checkout): Promise<boolean> {
  const networks = await docker(['network', 'ls', '--filter', `name=^${kindNetwork}$`, '--quiet']);
  return networks.trim() === '' || readClusterRecord(checkout)?.madeNetwork === true;
}
