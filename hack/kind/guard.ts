import type { Checkout } from '../machine/checkout.ts';
import { exec, succeeds } from '../machine/exec.ts';

/** Addresses of Services and of pods, by kind's defaults. */
const inside = ['10.96.0.0/16', '10.244.0.0/16'];

/**
 * Refuses what leaves a node for an address that exists only inside the cluster.
 *
 * A connection to a Service that is opened before kube-proxy has its rule leaves the node untranslated. Usually nothing
 * answers and it is tried again. But where the network outside answers for every address, that connection stays open
 * and keeps answering wrongly: the metrics API, for one, would be "not available" for ever. A refusal is retried.
 */
export async function raiseGuard(checkout: Checkout): Promise<void> {
  if (!(await succeeds('iptables', ['-w', '-n', '-L', 'DOCKER-USER']))) return; // An engine in a machine of its own.
  for (const rule of rules(checkout)) {
    if (!(await succeeds('iptables', ['-w', '-C', 'DOCKER-USER', ...rule]))) {
      await exec('iptables', ['-w', '-I', 'DOCKER-USER', ...rule]);
    }
  }
}

/** Takes the guard away; returns whether it was there. */
export async function lowerGuard(checkout: Checkout): Promise<boolean> {
  let removed = false;
  for (const rule of rules(checkout)) {
    while (await succeeds('iptables', ['-w', '-D', 'DOCKER-USER', ...rule])) removed = true;
  }
  return removed;
}

/** Only for what comes from a container network and goes elsewhere: between nodes, pod addresses are at home. */
function rules({ clusterName }: Checkout): string[][] {
  const comment = ['-m', 'comment', '--comment', `genai-platform ${clusterName}`];
  return inside.map((range) => ['-i', 'br-+', '!', '-o', 'br-+', '-d', range, ...comment, '-j', 'REJECT']);
}
