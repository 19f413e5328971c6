import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { OPERATOR, SYSTEM } from './harness/install-chart.ts';
import { eventually } from './harness/place.ts';
import { World } from './harness/world.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
let world: World;
let child: ChildProcess | undefined;

beforeAll(async () => {
  world = await World.start();
});

afterAll(() => world.stop());

afterEach(() => child?.kill('SIGKILL'));

/** Runs the operator's own entry point, as its image does. */
function run(environment: Record<string, string>): { child: ChildProcess; lines: string[] } {
  const lines: string[] = [];
  const started = spawn(process.execPath, ['--conditions=@genai-platform/source', MAIN], { env: { PATH: process.env['PATH'], ...environment } }); // prettier-ignore
  child = started;
  for (const stream of [started.stdout, started.stderr]) {
    stream.on('data', (chunk: Buffer) =>
      lines.push(
        ...chunk
          .toString()
          .split('\n')
          .filter((line) => line !== ''),
      ),
    );
  }
  return { child: started, lines };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

test('the process becomes ready, leads, tells its metrics, and gives the Lease back when it is asked to stop', async () => {
  const port = await freePort();
  const { child: operator, lines } = run({
    KUBECONFIG: world.kubeconfig,
    PLATFORM_VERSION: '0.1.0',
    HEALTH_PORT: String(port),
    POD_NAME: 'operator-process',
    POD_NAMESPACE: SYSTEM,
    LEADER_ELECTION_LEASE_NAME: OPERATOR,
  });
  const ask = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
  await eventually(async () => expect((await ask('/readyz')).status).toBe(200));
  expect((await ask('/livez')).status).toBe(200);
  await eventually(async () => {
    const metrics = await (await ask('/metrics')).text();
    expect(metrics).toMatch(/leader_election_master_status\{[^}]*\} 1/);
    expect(metrics).toContain('controller_runtime_reconcile_total');
    expect(metrics).toContain('process_cpu_seconds_total');
  });
  const lease = `/apis/coordination.k8s.io/v1/namespaces/${SYSTEM}/leases/${OPERATOR}`;
  expect(await world.plane.request('GET', lease)).toMatchObject({ spec: { holderIdentity: expect.stringContaining('operator-process') } }); // prettier-ignore

  operator.kill('SIGTERM');
  const [code] = (await once(operator, 'exit')) as [number];
  expect(code).toBe(0);
  expect(await world.plane.request('GET', lease)).not.toMatchObject({ spec: { holderIdentity: expect.stringContaining('operator-process') } }); // prettier-ignore
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), service: 'genai-operator' }); // prettier-ignore
});

test('a wrong configuration ends the process and names every wrong variable', async () => {
  const { child: operator, lines } = run({ WATCH_NAMESPACES: 'Not_One', HEALTH_PORT: '70000' });
  const [code] = (await once(operator, 'exit')) as [number];
  expect(code).toBe(1);
  const output = lines.join('\n');
  for (const variable of ['PLATFORM_VERSION', 'WATCH_NAMESPACES', 'HEALTH_PORT']) expect(output).toContain(variable);
});
