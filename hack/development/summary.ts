import { relative } from 'node:path';
import type { LocalPlatform } from './local-platform.ts';

/** What a developer wants to know when the platform answers: where it is, with which key, and something to try. */
export function summary(platform: LocalPlatform, ready: readonly string[]): string {
  const { workloads, ports, bootstrapKeyFile } = platform;
  const width = Math.max(...workloads.map(({ name }) => name.length), 'PostgreSQL'.length);
  const rows = workloads.map(
    ({ name, url }) => `  ${name.padEnd(width)}  ${url}${ready.includes(name) ? '' : '  (not ready)'}`,
  );
  const servers = [
    `  ${'PostgreSQL'.padEnd(width)}  localhost:${String(ports.postgres)}`,
    `  ${'Valkey'.padEnd(width)}  localhost:${String(ports.valkey)}`,
  ];
  const gateway = workloads.find(({ name }) => name === 'gateway')?.url ?? '';
  const key = relative(process.cwd(), bootstrapKeyFile);
  return [
    ...rows,
    ...servers,
    '',
    `The administrator's key is in ${key}. Try:`,
    ...tries(workloads, gateway, key),
  ].join('\n');
}

function tries(workloads: LocalPlatform['workloads'], gateway: string, key: string): string[] {
  const authorization = `-H "Authorization: Bearer $(cat ${key})"`;
  const lines = [`  curl -s ${authorization} ${gateway}/v1/services`];
  if (!workloads.some(({ name }) => name === 'format-conversion')) return lines;
  const body = `-H 'content-type: application/json' -d '{"text":"# Ready","from":"md","to":"html"}'`;
  return [...lines, `  curl -s ${authorization} ${body} ${gateway}/v1/convert`];
}
