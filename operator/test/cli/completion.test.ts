import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const tool = join(import.meta.dirname, '../../bin/genai-platform.js');
const node = join(import.meta.dirname, '../../../node_modules/.bin/node');

/** Runs the tool as a shell does, in a process of its own. */
async function run(...args: string[]): Promise<string> {
  const env = { ...process.env, KUBECONFIG: '/nowhere', NODE_OPTIONS: '' };
  return (await promisify(execFile)(node, [tool, ...args], { env, cwd: import.meta.dirname })).stdout;
}

test.each(['bash', 'zsh', 'fish'])('%s is given a script that asks the tool itself', async (shell) => {
  const script = await run('completion', shell);
  expect(script).toContain('genai-platform complete --');
});

test('bash takes the script as it is', async () => {
  const script = await run('completion', 'bash');
  await expect(promisify(execFile)('bash', ['-n', '-c', script])).resolves.toMatchObject({ stderr: '' });
});

test('completes commands, flags, their values and files', async () => {
  expect(await run('complete', '--', 're')).toMatch(/^render\t/m);
  expect(await run('complete', '--', 'plan', '--fo')).toMatch(/^--force-conflicts\t/m);
  expect(await run('complete', '--', 'plan', '--conte')).toMatch(/^--context\t/m);
  expect(await run('complete', '--', 'plan', '-o', '')).toMatch(/^json\t/m);
  expect(await run('complete', '--', 'render', '-f', 'golden/')).toMatch(/^golden\/small\.yaml\t/m);
});
