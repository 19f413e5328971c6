import { FakeClock, createTestContext, startService } from '../src/testing/index.ts';
import { createService } from '../src/index.ts';
import type { ReadyCheck } from '../src/index.ts';
import type { TestService } from '../src/testing/index.ts';

interface Body {
  checks: { name: string; ok: boolean; reason?: string }[];
}

let service: TestService;
let clock: FakeClock;
afterEach(() => service.close());

async function start(ready: Record<string, ReadyCheck>): Promise<() => Promise<{ status: number; body: Body }>> {
  clock = new FakeClock();
  const context = createTestContext({ name: 'notes', clock });
  service = await startService(createService({ context, routes: [], ready }), context);
  return async () => {
    const response = await service.fetch('/readyz', { as: null });
    return { status: response.status, body: (await response.json()) as Body };
  };
}

test('ready when every check passes', async () => {
  const ask = await start({ database: async () => undefined });
  expect(await ask()).toEqual({
    status: 200,
    body: { status: 'ready', checks: [{ name: 'database', ok: true, duration_ms: expect.any(Number) }] },
  });
});

test('unready names each check and its reason, without secrets', async () => {
  const ask = await start({
    database: async () => {
      throw new Error('postgres://u:hunter2@db refused');
    },
    cache: async () => undefined,
  });
  const { status, body } = await ask();
  expect(status).toBe(503);
  expect(body.checks.map(({ name, ok }) => [name, ok])).toEqual([
    ['database', false],
    ['cache', true],
  ]);
  expect(body.checks[0]?.reason).toBe('postgres://u:[redacted]@db refused');
});

test('a check that hangs is a reason too', async () => {
  const ask = await start({ database: () => new Promise(() => undefined) });
  const { status, body } = await ask();
  expect(status).toBe(503);
  expect(body.checks[0]?.reason).toContain('no answer within');
});

test('checks run at most once a second, however often somebody asks', async () => {
  let runs = 0;
  const ask = await start({ database: async () => (runs += 1) });
  await Promise.all([ask(), ask(), ask()]);
  expect(runs).toBe(1);
  await clock.advance(1_000);
  await ask();
  expect(runs).toBe(2);
});

test('alive even when not ready', async () => {
  await start({ database: () => Promise.reject(new Error('down')) });
  expect((await service.fetch('/livez', { as: null })).status).toBe(200);
});
