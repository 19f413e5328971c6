import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeCheckout, type Checkout } from '../../machine/checkout.ts';
import { clusterConfig } from '../cluster-config.ts';
import { chooseHostPorts, hostPort, nodePorts } from '../ports.ts';

let checkout: Checkout;
beforeEach(async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'genai-ports-'));
  checkout = { ...describeCheckout('ports-test'), stateDir };
});
afterEach(async () => {
  await rm(checkout.stateDir, { recursive: true });
});

test('the ports follow from the cluster and stay the same', async () => {
  const before = hostPort(checkout, nodePorts.gateway);
  await chooseHostPorts(checkout);
  expect(hostPort(checkout, nodePorts.gateway)).toBe(before);
  const other = { ...checkout, clusterName: 'genai-000000' };
  await rm(join(checkout.stateDir, 'ports.json'));
  expect(hostPort(other, nodePorts.gateway)).not.toBe(before);
});

test('others are taken, and remembered, where somebody listens already', async () => {
  const taken = hostPort(checkout, nodePorts.gateway);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(taken, '127.0.0.1', resolve));
  await chooseHostPorts(checkout);
  await new Promise((resolve) => server.close(resolve));
  expect(hostPort(checkout, nodePorts.gateway)).not.toBe(taken);
});

test('a cluster has its workers, and its node ports on the loopback address only', () => {
  const { nodes } = JSON.parse(clusterConfig(checkout, 2)) as {
    nodes: Array<{ role: string; extraPortMappings?: Array<{ listenAddress: string; containerPort: number }> }>;
  };
  expect(nodes.map(({ role }) => role)).toEqual(['control-plane', 'worker', 'worker']);
  const mappings = nodes[0]?.extraPortMappings ?? [];
  expect(mappings.map(({ containerPort }) => containerPort)).toEqual(Object.values(nodePorts));
  expect(new Set(mappings.map(({ listenAddress }) => listenAddress))).toEqual(new Set(['127.0.0.1']));
});
