import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { statePath, type Checkout } from '../machine/checkout.ts';

/** Node ports that a cluster makes reachable on 127.0.0.1, and what they are meant for. */
export const nodePorts = {
  gateway: 30080,
  gatewayTls: 30443,
  /** For tests and trials. */
  spare: 30090,
} as const;

type NodePort = (typeof nodePorts)[keyof typeof nodePorts];

/** Below the range the kernel gives to outgoing connections (32768) and that of node ports (30000). */
const first = 20_000;
const blockSize = 10;
const blocks = 1000;

/** The port of 127.0.0.1 that leads to a node port of this checkout's cluster. It stays the same from run to run. */
export function hostPort(checkout: Checkout, nodePort: NodePort): number {
  const index = Object.values(nodePorts).indexOf(nodePort);
  return first + chosenBlock(checkout) * blockSize + index;
}

/**
 * Chooses the ports of a cluster that is about to be created: those that follow from its name, or the next ones when
 * somebody else listens there. Kept with the checkout's state.
 */
export async function chooseHostPorts(checkout: Checkout): Promise<void> {
  const preferred = chosenBlock(checkout);
  for (let step = 0; step < blocks; step += 1) {
    const block = (preferred + step) % blocks;
    const ports = Object.values(nodePorts).map((_, index) => first + block * blockSize + index);
    if (!(await Promise.all(ports.map(isFree))).every(Boolean)) continue;
    writeFileSync(statePath(checkout, 'ports.json'), JSON.stringify({ block }));
    return;
  }
  throw new Error('no free ports on 127.0.0.1');
}

function chosenBlock(checkout: Checkout): number {
  try {
    const { block } = JSON.parse(readFileSync(statePath(checkout, 'ports.json'), 'utf8')) as { block: number };
    return block;
  } catch {
    return blockOf(checkout.clusterName);
  }
}

function blockOf(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % blocks;
  return sum;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(true);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return free;
}
