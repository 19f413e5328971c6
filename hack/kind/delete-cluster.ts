import { rm } from 'node:fs/promises';
import { docker, engineAnswers } from '../docker/client.ts';
import { users } from '../docker/record.ts';
import type { Checkout } from '../machine/checkout.ts';
import { endProcess, identify, processesWith } from '../machine/process.ts';
import { readClusterRecord, removeClusterRecord } from './cluster-record.ts';
import { lowerGuard } from './guard.ts';
import { builtRepository } from './node-image.ts';

/** The container network that kind puts all clusters into. */
export const kindNetwork = 'kind';

/** Removes the checkout's cluster and all that was made for it, and returns what was removed, in words. */
export async function deleteCluster(checkout: Checkout): Promise<string[]> {
  const removed = await deleteNodes(checkout);
  // Others that share the engine may be about to use them.
  const shared = users().some((user) => user !== checkout.clusterName);
  if (!shared && (await engineAnswers())) removed.push(...(await deleteShared(checkout)));
  if (await lowerGuard(checkout)) removed.push('rules that kept cluster addresses inside');
  await rm(checkout.kubeconfig, { force: true });
  await removeClusterRecord(checkout);
  return removed;
}

async function deleteShared(checkout: Checkout): Promise<string[]> {
  const removed: string[] = [];
  const { madeNetwork = false, image = '' } = readClusterRecord(checkout) ?? {};
  if (madeNetwork && (await couldRemove(['network', 'rm', kindNetwork]))) removed.push(`network ${kindNetwork}`);
  if (image.startsWith(`${builtRepository}:`) && (await couldRemove(['image', 'rm', image]))) {
    removed.push(`image ${image} (the cache keeps what it is made of)`);
  }
  return removed;
}

/** Whether containers of the cluster exist, running or not. */
export async function hasNodes(checkout: Checkout): Promise<boolean> {
  return (await nodeContainers(checkout)).length > 0;
}

/**
 * Removes the containers of the cluster with their volumes, which is what `kind delete cluster` does, after ending
 * whatever still makes some. Returns what was removed, in words.
 */
export async function deleteNodes(checkout: Checkout): Promise<string[]> {
  const removed = await endCreation(checkout);
  if (!(await engineAnswers())) return removed;
  const containers = await nodeContainers(checkout);
  if (containers.length > 0) await docker(['rm', '--force', '--volumes', ...containers]);
  return containers.length > 0 ? [...removed, `cluster ${checkout.clusterName}`] : removed;
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
