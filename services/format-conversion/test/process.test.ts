import { createTestIdentity } from '@genai-platform/common/testing';
import { createConversionDatabase, type ConversionDatabase } from './harness/conversion-database.ts';
import { drawLines, drawPdf } from './harness/pdf.ts';
import { ServiceProcess } from './harness/service-process.ts';

const identity = createTestIdentity();
let database: ConversionDatabase;
let env: Record<string, string>;

beforeAll(async () => {
  database = await createConversionDatabase();
  env = {
    SERVICE_NAME: 'format-conversion',
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
    IDENTITY_KEY_FILE: identity.keyFile,
    SHUTDOWN_DRAIN_DELAY_SECONDS: '0.3',
    SHUTDOWN_GRACE_SECONDS: '15',
    CONVERT_WORKERS: '1',
    ...Object.fromEntries(Object.entries(database.config).map(([name, value]) => [name, String(value)])),
  };
});

afterAll(() => database.close());

/** Waits until a worker has begun with a task. */
async function untilRunning(url: string): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    if (/pool_requests\{state="running"\} 1/.test(metrics)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('the process migrates twice without harm', async () => {
  const second = new ServiceProcess('migrate', env);
  expect(await second.line('the schema is up to date')).toMatchObject({ applied: 0, known: 3 });
  expect(await second.ended).toBe(0);
});

test('the process answers, lets a conversion end after SIGTERM, and leaves nothing behind', async () => {
  const service = new ServiceProcess('serve', env);
  const { port } = await service.line('listening');
  const url = `http://127.0.0.1:${String(port)}`;
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const long = await drawPdf((pen) => {
    for (let page = 0; page < 60; page += 1) {
      if (page > 0) pen.newPage();
      drawLines(
        pen,
        Array.from({ length: 40 }, (_, line) => `Words of line ${line} on page ${page}, which has some more of them.`),
        72,
        80,
      );
    }
  });
  const form = new FormData();
  form.set('to', 'md');
  form.set('file', new Blob([Buffer.from(long)]), 'long.pdf');
  const authorization = `Bearer ${await identity.token('format-conversion', {})}`;
  const converting = fetch(`${url}/v1/convert`, { method: 'POST', headers: { authorization }, body: form });
  await untilRunning(url);
  service.kill('SIGTERM');
  await service.line('stopping: not ready any more');
  const response = await converting;
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('Words of line 39 on page 59');
  expect(await service.ended).toBe(0);
});
