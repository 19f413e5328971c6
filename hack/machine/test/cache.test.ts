import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached, contentVersion, isCached } from '../cache.ts';

let directory: string;
const before = process.env['XDG_CACHE_HOME'];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'genai-cache-'));
  process.env['XDG_CACHE_HOME'] = directory;
});
afterEach(async () => {
  await rm(directory, { recursive: true });
  if (before === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = before;
});

test('builds a version once, even when several ask at the same time', async () => {
  let builds = 0;
  const build = async (target: string): Promise<void> => {
    builds += 1;
    await writeFile(join(target, 'content'), 'made');
  };
  const [first, second] = await Promise.all([cached('thing', '1', build), cached('thing', '1', build)]);
  expect(first).toBe(second);
  expect(await readFile(join(await cached('thing', '1', build), 'content'), 'utf8')).toBe('made');
  expect(builds).toBe(1);
});

test('a build that failed leaves nothing that looks finished', async () => {
  const fail = async (target: string): Promise<void> => {
    await writeFile(join(target, 'half'), '');
    throw new Error('interrupted');
  };
  await expect(cached('thing', '1', fail)).rejects.toThrow('interrupted');
  expect(isCached('thing', '1')).toBe(false);
  const path = await cached('thing', '1', async () => undefined);
  expect(await readdir(path)).toEqual([]);
  expect(existsSync(path)).toBe(true);
});

test('a version follows from content and words, not from where they are cut', async () => {
  const file = join(directory, 'file');
  await writeFile(file, 'a');
  const versions = new Set([
    await contentVersion([file], 'b'),
    await contentVersion([file], 'b', ''),
    await contentVersion([file]),
  ]);
  expect(versions.size).toBe(3);
});
