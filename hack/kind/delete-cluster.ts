import { rm } from 'node:fs/promises';
import { docker, engineAnswers } from '../docker/client.ts';
import type { Checkout } from '../machine/checkout.ts';
import { endProcess, identify, processesWith } from '../machine/process.ts';
import { readClusterRecord, removeClusterRecord } from './cluster-record.ts';
import { lowerGuard } from './guard.ts';
import { builtRepository } from './node-image.ts';

/** The container network that kind puts all clusters into. */
export const kindNetwork = 'kind';

/** Removes the checkout's cluster and all that was made for it, and returns what was removed, in words. */
export async function deleteCluster(checkout: Checkout): Promise<string[]> {
  const removed = await endCreation(checkout);
  const record = readClusterRecord(checkout);
  if (await engineAnswers()) {
    if (await deleteNodes(checkout)) removed.push(`cluster ${checkout.clusterName}`);
    if (record?.madeNetwork === true && (await couldRemove(['network', 'rm', kindNetwork])))
      removed.push('network kind');
    if (
      record?.image.startsWith(`${builtRepository}:`) === true &&
      (await couldRemove(['image', 'rm', record.image]))
    ) {
      removed.push(`image ${record.image} (a copy is kept in the cache)`);
    }
  }
  if (await lowerGuard(checkout)) removed.push('rules that kept cluster addresses inside');
  await rm(checkout.kubeconfig, { force: true });
  await removeClusterRecord(checkout);
  return removed;
}

/** Whether containers of the cluster exist, running or not. */
export async function hasNodes(checkout: Checkout): Promise<boolean> {
  return (await nodeContainers(checkout)).length > 0;
}

/** Removes the containers of the cluster with their volumes, which is what `kind delete cluster` does. */
export async function deleteNodes(checkout: Checkout): Promise<boolean> {
  const containers = await nodeContainers(checkout);
  if (containers.length > 0) await docker(['rm', '--force', '--volumes', ...containers]);
  return containers.length > 0;
}

async function nodeContainers({ clusterName }: Checkout): Promise<string[]> {
  const filter = `label=io.x-k8s.kind.cluster=${clusterName}`;
  const ids = await docker(['ps', '--all', '--quiet', '--filter', filter]);
  return ids.split('\n').filter(Boolean);
}

/** A command that was killed may have left a `kind create` at work, which would go on making nodes. */
async function endCreation({ clusterName }: Checkout): Promise<string[]> {
  const creations = processesWith(`create cluster --name ${clusterName} `).map(identify);
  const alive = creations.filter((process) => process !== undefined);
  for (const process of alive) await endProcess(process, 2000);
  return alive.map(({ pid }) => `a creation still at work (process ${String(pid)})`);
}

/** False where others still use it. */
function couldRemove(args: readonly string[]): Promise<boolean> {
  return docker(args).then(
    () => true,
    () => false,
  );
}
