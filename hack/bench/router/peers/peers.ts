import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@genai-platform/common/testing';
import { ensureNpmPackages } from '../../../machine/npm-packages.ts';
import { ensurePythonPackages } from '../../../machine/python-packages.ts';
import { endChild, startProgram, withDescendants, type Subject } from '../subject.ts';

/** Other routers that are measured beside ours, by name: each is installed on first use, and is a process of its own. */
export const peers: Readonly<Record<string, (upstream: string) => Promise<Subject>>> = {
  portkey: startPortkey,
  litellm: startLiteLlm,
};

const say = (what: string): void => console.error(what);

/** https://github.com/Portkey-AI/gateway, from npm. It has no users, limits or account of use by itself. */
async function startPortkey(upstream: string): Promise<Subject> {
  const folder = await ensureNpmPackages('portkey', join(import.meta.dirname, 'portkey'), { say });
  const main = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  const port = await freePort();
  const origin = `http://127.0.0.1:${String(port)}`;
  const child = await startProgram(process.execPath, [main, '--headless', `--port=${String(port)}`], {
    // What it takes for an address inside, which it would not ask otherwise.
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' },
    readyUrl: origin,
  });
  const headers = {
    authorization: 'Bearer upstream-key',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${upstream}/v1`,
  };
  const pids = withDescendants(child.pid ?? 0);
  return { name: 'portkey', origin, pids, headers: async () => headers, stop: () => endChild(child) };
}

/** https://docs.litellm.ai/docs/simple_proxy, from PyPI: one worker, no database, one key for all; its fastest. */
async function startLiteLlm(upstream: string): Promise<Subject> {
  const requirements = join(import.meta.dirname, 'litellm/requirements.txt');
  const { command, env } = await ensurePythonPackages('litellm', requirements, { say, announce: say });
  const port = await freePort();
  const origin = `http://127.0.0.1:${String(port)}`;
  // Without a key it does not start.
  const key = `sk-${randomBytes(16).toString('hex')}`;
  const file = join(await mkdtemp(join(tmpdir(), 'router-bench-litellm-')), 'config.yaml');
  const target = { model: 'openai/fixed', api_base: `${upstream}/v1`, api_key: 'upstream-key' };
  // JSON is YAML too.
  await writeFile(file, JSON.stringify({ model_list: [{ model_name: 'fixed', litellm_params: target }] }));
  const words = ['--config', file, '--host', '127.0.0.1', '--port', String(port), '--num_workers', '1'];
  const child = await startProgram(command, ['-c', 'from litellm import run_server; run_server()', ...words], {
    env: {
      ...{ PATH: process.env['PATH'], HOME: tmpdir(), ...env },
      ...{ LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_MODE: 'PRODUCTION', LITELLM_LOG: 'ERROR' },
      LITELLM_MASTER_KEY: key,
    },
    readyUrl: `${origin}/health/liveliness`,
  });
  const pids = withDescendants(child.pid ?? 0);
  const headers = { authorization: `Bearer ${key}` };
  return { name: 'litellm', origin, pids, headers: async () => headers, stop: () => endChild(child) };
}
