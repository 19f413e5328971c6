import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleWorkspace } from '../bundle.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A workspace of these files, with the fields of its package.json that matter. */
function workspace(files: Record<string, string>, manifest: object = {}): string {
  const all = { 'package.json': JSON.stringify({ name: '@test/toy', version: '1.2.3', ...manifest }), ...files };
  for (const [name, text] of Object.entries(all)) {
    const path = join(folder, 'toy', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return join(folder, 'toy');
}

/** Bundles it, takes the source away, and returns what its main program prints. */
async function bundleAndRun(source: string): Promise<string> {
  const out = join(folder, 'out');
  await bundleWorkspace(source, out);
  rmSync(source, { recursive: true });
  return execFileSync(process.execPath, [join(out, 'main.js')], { encoding: 'utf8' }).trim();
}

test('a bundle runs without its source', async () => {
  const source = workspace({
    'src/main.ts': `import { greet } from './greet.ts'; console.log(greet(await Promise.resolve('you')));`,
    'src/greet.ts': `export const greet = (name: string): string => 'hello ' + name;`,
  });
  expect(await bundleAndRun(source)).toBe('hello you');
});

test('a worker and a folder that code names by URL are found where the bundle has them', async () => {
  const source = workspace({
    'src/main.ts': `import './deep/start.ts';`,
    'src/deep/start.ts': `
      import { readdirSync } from 'node:fs';
      import { Worker } from 'node:worker_threads';
      const migrations = readdirSync(new URL('../../migrations', import.meta.url));
      new Worker(new URL('./work.ts', import.meta.url), { workerData: migrations });`,
    'src/deep/work.ts': `
      import { workerData } from 'node:worker_threads';
      console.log('worked with', workerData.join());`,
    'migrations/0001-init.sql': 'SELECT 1;',
  });
  expect(await bundleAndRun(source)).toBe('worked with 0001-init.sql');
});

test('a CommonJS package may use require and __dirname', async () => {
  const source = workspace({
    'src/main.ts': `import where from 'old-package'; console.log(where);`,
    'node_modules/old-package/package.json': '{"name":"old-package","main":"index.js"}',
    'node_modules/old-package/index.js': `module.exports = typeof __dirname + ' ' + require('node:path').sep;`,
  });
  expect(await bundleAndRun(source)).toBe('string /');
});

test('a package that finds its own files stays a package, with what it depends on', async () => {
  const manifest = { bundle: { external: ['with-files'] } };
  const files = {
    'src/main.ts': `import text from 'with-files'; console.log(text);`,
    'node_modules/with-files/package.json': '{"name":"with-files","main":"index.js","dependencies":{"needed":"1"}}',
    'node_modules/with-files/index.js': `
      module.exports = require('needed') + require('node:fs').readFileSync(__dirname + '/data.txt', 'utf8');`,
    'node_modules/with-files/data.txt': ' data',
    'node_modules/needed/package.json': '{"name":"needed","main":"index.js"}',
    'node_modules/needed/index.js': `module.exports = 'needed';`,
  };
  expect(await bundleAndRun(workspace(files, manifest))).toBe('needed data');
});

test('what is imported lazily is not in the main file', async () => {
  const source = workspace({
    'src/main.ts': `console.log(process.argv.length > 5 ? await import('./rare.ts') : 'usual');`,
    'src/rare.ts': `export const rare = 'seldom needed';`,
  });
  expect(await bundleAndRun(source)).toBe('usual');
  expect(readFileSync(join(folder, 'out/main.js'), 'utf8')).not.toContain('seldom needed');
});

test('a URL that leaves the workspace is refused', async () => {
  const source = workspace({ 'src/main.ts': `new URL('../../elsewhere', import.meta.url);` });
  await expect(bundleWorkspace(source, join(folder, 'out'))).rejects.toThrow('lies outside of');
});

test('names everything that it was made of', async () => {
  const source = workspace({
    'src/main.ts': `import './part.ts'; new URL('../migrations', import.meta.url);`,
    'src/part.ts': '',
    'migrations/0001.sql': '',
  });
  const { inputs } = await bundleWorkspace(source, join(folder, 'out'));
  const wanted = ['package.json', 'src/main.ts', 'src/part.ts', 'migrations'].map((name) => join(source, name));
  expect(inputs).toEqual(expect.arrayContaining(wanted));
  expect(inputs.filter((input) => !existsSync(input))).toEqual([]);
});
