import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

test('the core loads neither express nor a driver nor the tracing SDK', async () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({ load(url, context, next) { loaded.add(url); return next(url, context); } });
    await import('@genai-platform/common/core');
    console.log(JSON.stringify([...loaded]));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--conditions=@genai-platform/source',
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      script,
    ],
    { cwd: import.meta.dirname },
  );
  const packages = (JSON.parse(stdout) as string[]).map((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]);
  expect(packages).toContain('pino');
  for (const heavy of ['express', 'pg', 'ioredis', 'undici', 'helmet', '@opentelemetry/sdk-trace']) {
    expect(packages).not.toContain(heavy);
  }
});
