import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Pool } from 'undici';

/**
 * What the kit costs per request, in CPU time of the server's process, beside a bare Node server and Express with helmet
 * and a JSON parser. One JSON line per figure. Run with `hack/run services/common/test/bench/overhead.ts`.
 */

const REQUESTS = 15_000;
const WARM_UP = 5_000;
const CONNECTIONS = 16;
const ROUNDS = 3;

interface Target {
  readonly pool: Pool;
  readonly token: string;
  readonly cpuMicros: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

async function start(kind: string): Promise<Target> {
  const child = fork(new URL('./server.ts', import.meta.url), [kind], {
    execArgv: ['--conditions=@genai-platform/source'],
  });
  const [{ port, token }] = (await once(child, 'message')) as [{ port: number; token: string }];
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS });
  return {
    pool,
    token,
    cpuMicros: async () => {
      child.send('cpu');
      const [{ cpu }] = (await once(child, 'message')) as [{ cpu: { user: number; system: number } }];
      return cpu.user + cpu.system;
    },
    stop: async () => {
      await pool.close();
      child.kill();
    },
  };
}

const text = JSON.stringify({ query: 'what is this', limit: 10 });

async function send({ pool, token }: Target, method: 'GET' | 'POST', count: number): Promise<void> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
  };
  const path = method === 'GET' ? '/v1/items/n1' : '/v1/search';
  let left = count;
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      const { statusCode, body } = await pool.request({ path, method, headers, body: method === 'POST' ? text : null });
      if (statusCode !== 200) throw new Error(`answered ${statusCode}: ${await body.text()}`);
      await body.dump();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
}

async function measure(target: Target, method: 'GET' | 'POST'): Promise<number> {
  await send(target, method, WARM_UP);
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await target.cpuMicros();
    await send(target, method, REQUESTS);
    best = Math.min(best, ((await target.cpuMicros()) - before) / REQUESTS);
  }
  return best;
}

for (const kind of ['bare', 'express', 'kit']) {
  const target = await start(kind);
  for (const method of ['GET', 'POST'] as const) {
    const value = Number((await measure(target, method)).toFixed(1));
    process.stdout.write(
      `${JSON.stringify({ name: `kit.overhead.${kind}.${method.toLowerCase()}`, value, unit: 'us CPU/request' })}\n`,
    );
  }
  await target.stop();
}
