import { relative } from 'node:path';
import type { LocalPlatform } from './local-platform.ts';

/** What a developer wants to know when the platform answers: where it is, with which key, and something to try. */
export function summary(platform: LocalPlatform, ready: readonly string[]): string {
  const { workloads, servers, bootstrapKeyFile } = platform;
  const places = [
    ...workloads.map(({ name, url }) => [name, `${url}${ready.includes(name) ? '' : '  (not ready)'}`] as const),
    ...Object.entries(servers),
  ];
  const width = Math.max(...places.map(([name]) => name.length));
  const rows = places.map(([name, place]) => `  ${name.padEnd(width)}  ${place}`);
  const gateway = workloads.find(({ name }) => name === 'gateway')?.url ?? '';
  const key = relative(process.cwd(), bootstrapKeyFile);
  return [...rows, '', `The administrator's key is in ${key}. Try:`, ...tries(workloads, gateway, key)].join('\n');
}

function tries(workloads: LocalPlatform['workloads'], gateway: string, key: string): string[] {
  const authorization = `-H "Authorization: Bearer $(cat ${key})"`;
  const lines = [`  curl -s ${authorization} ${gateway}/v1/services`];
  if (!workloads.some(({ name }) => name === 'format-conversion')) return lines;
  const body = `-H 'content-type: application/json' -d '{"text":"# Ready","from":"md","to":"html"}'`;
  return [...lines, `  curl -s ${authorization} ${body} ${gateway}/v1/convert`];
}
