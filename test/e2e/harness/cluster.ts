import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { GenAIPlatform } from '@genai-platform/crds';
import { kubectlPath } from '../../../hack/kind/tools.ts';

const run = promisify(execFile);

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: run ./hack/test, which brings up the cluster for these tests`);
  return value;
}

/** The cluster that hack/test brought up, with the operator and the platform `acme`. */
export const cluster = {
  kubeconfig: needed('GENAI_E2E_KUBECONFIG'),
  gatewayUrl: needed('GENAI_E2E_GATEWAY_URL'),
  apiKey: needed('GENAI_E2E_API_KEY'),
  version: needed('GENAI_E2E_VERSION'),
} as const;

/** Runs kubectl and returns what it printed. */
export async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await run(await kubectlPath(), ['--kubeconfig', cluster.kubeconfig, ...args], {
    maxBuffer: 32 * 1_024 * 1_024,
    timeout: 240_000,
  });
  return stdout;
}

/** Reads objects of the namespace `acme` as JSON. */
export async function get<T>(...args: string[]): Promise<T> {
  return JSON.parse(await kubectl('-n', 'acme', 'get', ...args, '-o', 'json')) as T;
}

/** Changes the spec of the platform by a merge patch. */
export async function patchSpec(spec: object): Promise<void> {
  await kubectl('-n', 'acme', 'patch', 'genaiplatform', 'acme', '--type=merge', '-p', JSON.stringify({ spec }));
}

/** Waits until the platform looks as `wanted` says; fails with what it looked like last. */
export async function platformUntil(
  wanted: (platform: GenAIPlatform) => boolean,
  seconds = 180,
): Promise<GenAIPlatform> {
  const end = Date.now() + seconds * 1_000;
  for (;;) {
    const platform = await get<GenAIPlatform>('genaiplatform', 'acme');
    if (wanted(platform)) return platform;
    if (Date.now() > end) throw new Error(`the platform is: ${JSON.stringify(platform.status, undefined, 2)}`);
    await sleep(500);
  }
}

/** Whether the platform is Ready, and that verdict is about the spec as it is now. */
export function isReady({ metadata, status }: GenAIPlatform): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && ready.observedGeneration === metadata.generation;
}

/** A request to the platform's gateway with the bootstrap key. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${cluster.apiKey}`);
  return await fetch(cluster.gatewayUrl + path, { ...init, headers, signal: AbortSignal.timeout(30_000) });
}

/** A request with a JSON body. */
export async function requestJson(method: string, path: string, body: object): Promise<Response> {
  return await request(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

/** Tries again until it succeeds. */
export async function eventually<T>(attempt: () => Promise<T>, seconds = 120): Promise<T> {
  const end = Date.now() + seconds * 1_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(500);
    }
  }
}
