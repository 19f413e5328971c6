import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRouter } from '../harness/start-router.ts';

const json = { model: 'bge-small-en-v1.5', input: 'a text' };

test('without its model the service says what is missing, and is not ready', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'no-models-'));
  const router = await startRouter({ env: { MODELS_DIR: empty } });
  try {
    const ready = await router.fetch('/readyz');
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain('the model smollm2-135m-instruct is missing');
    const response = await router.fetch('/v1/embeddings', { json });
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('the model bge-small-en-v1.5 is missing');
  } finally {
    await router.close();
  }
});

test('a model whose process dies fails its requests, and is there again soon', async () => {
  const router = await startRouter();
  try {
    expect((await router.fetch('/v1/embeddings', { json })).status).toBe(200);
    const input = Array.from({ length: 500 }, (_, index) => `sentence ${String(index)} of a long request`);
    const running = router.fetch('/v1/embeddings', { json: { ...json, input } });
    await until(() => router.deps.engines.some(({ waiting }) => waiting === input.length));
    execFileSync('pkill', ['-KILL', '-P', String(process.pid), '-f', 'encoder-process']);
    expect((await running).status).toBe(503);
    await until(async () => (await router.fetch('/v1/embeddings', { json })).status === 200);
  } finally {
    await router.close();
  }
});

test('work is taken back when its client goes', async () => {
  const router = await startRouter();
  try {
    const gone = new AbortController();
    const messages = [{ role: 'user', content: 'Tell me a long story.' }];
    const request = { model: 'smollm2-135m-instruct', messages, max_tokens: 512, stream: true };
    const response = await router.fetch('/v1/chat/completions', { json: request, signal: gone.signal });
    expect(response.status).toBe(200);
    gone.abort();
    await until(() => router.deps.engines.every(({ waiting }) => waiting === 0));
  } finally {
    await router.close();
  }
});

/** Fails by the test's own time limit. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
