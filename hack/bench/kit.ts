import { significant, type Figure } from './figure.ts';
import { forkServer, type ForkedServer } from './forked-server.ts';

const REQUESTS = 15_000;
const WARM_UP = 5_000;
const CONNECTIONS = 16;
const ROUNDS = 3;
const methods = ['GET', 'POST'] as const;

type Target = ForkedServer<{ readonly port: number; readonly token: string }>;

const start = (kind: string): Promise<Target> =>
  forkServer(new URL('./kit-server.ts', import.meta.url), kind, { connections: CONNECTIONS });

const text = JSON.stringify({ query: 'what is this', limit: 10 });

async function send({ pool, start: { token } }: Target, method: 'GET' | 'POST', count: number): Promise<void> {
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

/**
 * What the kit costs per request, in CPU time of the server's process, beside Express with helmet and a JSON parser
 * (the yardstick) and a bare Node server.
 */
export async function measureKit(): Promise<Figure[]> {
  const costs = new Map<string, number>();
  for (const kind of ['bare', 'express', 'kit']) {
    const target = await start(kind);
    for (const method of methods) costs.set(`${kind} ${method}`, await measure(target, method));
    await target.stop();
  }
  return ['bare', 'kit'].flatMap((kind) =>
    methods.map((method) => {
      const value = costs.get(`${kind} ${method}`) ?? NaN;
      return {
        name: `kit.overhead.${kind}.${method.toLowerCase()}`,
        value: significant(value),
        unit: 'us CPU/request',
        yardstick: 'Express with helmet and a JSON parser',
        ratio: significant(value / (costs.get(`express ${method}`) ?? NaN)),
      };
    }),
  );
}
