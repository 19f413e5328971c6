import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError, exec } from '../exec.ts';
import { identify } from '../process.ts';

test('returns what the command wrote, and gives it its input', async () => {
  await expect(exec('cat', [], { input: 'hello' })).resolves.toBe('hello');
});

test('a failure says command, exit code, last words and log', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'genai-exec-'));
  const log = join(directory, 'logs', 'it.log');
  const failure = await exec('sh', ['-c', 'echo first; echo last words >&2; exit 3'], { log }).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(CommandError);
  const { message, exitCode } = failure as CommandError;
  expect(exitCode).toBe(3);
  expect(message).toContain('failed with exit code 3');
  expect(message).toContain('last words');
  expect(message).toContain(`Whole log: ${log}`);
  expect(await readFile(log, 'utf8')).toContain('first');
  await rm(directory, { recursive: true });
});

test('a command that is not there is said to be', async () => {
  await expect(exec('no-such-command', [])).rejects.toThrow('no-such-command: could not be started (ENOENT)');
});

test('a deadline ends the command together with its children', async () => {
  const started = Date.now();
  const run = exec('sh', ['-c', 'sleep 30 & echo $!; wait'], { deadlineMs: 200 });
  const failure = await run.catch((error: unknown) => error);
  expect((failure as CommandError).message).toContain('did not end within 0.2 s');
  expect(Date.now() - started).toBeLessThan(3000);
  expect(identify(Number((failure as CommandError).tail))).toBeUndefined();
});

test('an interruption ends it', async () => {
  const abort = new AbortController();
  const run = exec('sleep', ['30'], { signal: abort.signal });
  setTimeout(() => {
    abort.abort();
  }, 50);
  await expect(run).rejects.toThrow('sleep 30: interrupted');
});
