import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@genai-platform/common/testing';
import { checkoutRoot } from '../../machine/checkout.ts';
import { Development } from '../development.ts';
import type { LocalPlatform } from '../local-platform.ts';

let folder: string;
let development: Development;
let url: string;
let said: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'development-'));
  said = [];
  file('src/main.ts', server('first'));
  const port = String(await freePort());
  url = `http://127.0.0.1:${port}`;
  const workspace = relative(checkoutRoot, folder);
  const toy = { name: 'toy', workspace, args: ['serve'], env: { HTTP_PORT: port }, url };
  const migration = { name: 'toy-migrate', workspace, args: ['migrate'], env: {} };
  const platform = { jobs: [[migration]], workloads: [toy], stop: async () => undefined };
  development = new Development(
    platform as unknown as LocalPlatform,
    (name) => (line) => said.push(`${name}: ${line}`),
  );
});
afterEach(async () => {
  await development.stop();
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A program that answers every request with a word, and for which there is nothing to migrate. */
function server(word: string): string {
  return `
    import { createServer } from 'node:http';
    if (process.argv[2] === 'migrate') console.log('migrated');
    else createServer((_request, response) => response.end('${word}')).listen(Number(process.env.HTTP_PORT), '127.0.0.1');`;
}

/** Waits until it is so; a test that waits in vain ends by its own time limit. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}

const answer = (): Promise<string> =>
  fetch(url).then(
    (response) => response.text(),
    () => '',
  );
const start = (): Promise<string[]> => development.start(new AbortController().signal);

test('migrates, starts, and says what is ready', async () => {
  expect(await start()).toEqual(['toy']);
  expect(said).toEqual(['toy-migrate: migrated']);
});

test('a changed source is what answers next', async () => {
  await start();
  file('src/main.ts', server('second'));
  await until(async () => (await answer()) === 'second');
  expect(said.some((line) => line.endsWith('changed: src/main.ts'))).toBe(true);
});

test('a changed migration is applied before the program starts again', async () => {
  await start();
  file('migrations/0001-init.sql', 'SELECT 1;');
  await until(() => said.filter((line) => line === 'toy-migrate: migrated').length === 2);
  await until(async () => (await answer()) === 'first');
});

test('a program that ends at once is not ready, and gets its chance with the next change', async () => {
  file('src/main.ts', `if (process.argv[2] !== 'migrate') process.exit(3);`);
  expect(await start()).toEqual([]);
  expect(said).toContain('toy: ended with 3; it is started again when its source changes');
  file('src/main.ts', server('mended'));
  await until(async () => (await answer()) === 'mended');
});

test('a migration that fails ends the start, and says so', async () => {
  file('src/main.ts', 'process.exit(1);');
  await expect(start()).rejects.toThrow('toy-migrate ended with 1');
});

test('nothing answers after it was stopped', async () => {
  await start();
  await development.stop();
  expect(await answer()).toBe('');
});
