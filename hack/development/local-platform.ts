import { join } from 'node:path';
import { namesOf, objectsOf, render, serviceHost } from '@genai-platform/cdk8s';
import type { KubernetesObject, PlatformInput, Rendered } from '@genai-platform/cdk8s';
import type { DatabasePrograms, LocalServer } from '@genai-platform/common/testing';
import { describeCheckout } from '../machine/checkout.ts';
import { platformVersion } from '../machine/version.ts';
import { Addresses, choosePort, type LocalAddress } from './addresses.ts';
import { localProgram, type LocalProgram } from './local-program.ts';
import { keepSecrets } from './secrets.ts';
import { startPostgresServer, startValkeyServer, type ServerSetting } from './servers.ts';

/** A workload as a plain process. */
export interface LocalWorkload extends LocalProgram {
  readonly url: string;
}

/** A platform on this machine, without a cluster: its servers run, its own programs are ready to be started. */
export interface LocalPlatform {
  readonly rendered: Rendered;
  /** Groups of programs to run to their end before the workloads, one group after the other. */
  readonly jobs: readonly (readonly LocalProgram[])[];
  readonly workloads: readonly LocalWorkload[];
  /** Ports of 127.0.0.1. */
  readonly ports: { readonly postgres: number; readonly valkey: number };
  /** File with the bootstrap administrator's API key. */
  readonly bootstrapKeyFile: string;
  /** Ends the servers. Their data stay. */
  stop(): Promise<void>;
}

/** What to make a platform of. */
export interface LocalPlatformOptions {
  readonly platform: PlatformInput;
  readonly programs: DatabasePrograms;
  /** For credentials and other files of the programs. */
  readonly directory: string;
}

/** Renders a platform and starts its PostgreSQL and Valkey with what is rendered. Takes a second. */
export async function startLocalPlatform(options: LocalPlatformOptions): Promise<LocalPlatform> {
  const { platform, directory } = options;
  const secretsFolder = join(directory, 'secrets');
  const secrets = await keepSecrets(platform, secretsFolder);
  const operator = { namespace: 'genai-system', podLabels: {} };
  const rendered = render(platform, { release: platformVersion(), operator, secrets });
  const addresses = await chooseAddresses(platform, rendered);
  const objects = objectsOf(rendered);
  const { ports, stop } = await startServers(options, objects, addresses);
  const toProgram = { objects, addresses: new Addresses([...addresses.values()]), directory };
  const jobs = rendered.migrations.map((group) => group.filter(({ kind }) => kind === 'Job'));
  const names = namesOf(platform.metadata.name);
  return {
    rendered,
    jobs: await Promise.all(jobs.map((group) => Promise.all(group.map((job) => localProgram(job, toProgram))))),
    workloads: await Promise.all(
      rendered.waves.flat().map(async ({ objects: own, name }) => {
        const deployment = own.find(({ kind }) => kind === 'Deployment');
        if (deployment === undefined) throw new Error(`no Deployment ${name} is rendered`);
        const port = String(addresses.get(name)?.localPort);
        const program = await localProgram(deployment, toProgram);
        return { ...program, env: { ...program.env, HTTP_PORT: port }, url: `http://127.0.0.1:${port}` };
      }),
    ),
    ports,
    bootstrapKeyFile: join(secretsFolder, names.bootstrapAdmin, 'api-key'),
    stop,
  };
}

/** The name of each Service and where it is to be found here. */
async function chooseAddresses(platform: PlatformInput, rendered: Rendered): Promise<Map<string, LocalAddress>> {
  const { name, namespace } = platform.metadata;
  const names = namesOf(name);
  const services = [
    { name: names.postgres, port: 5432 },
    { name: names.cache, port: 6379 },
    ...rendered.waves.flat().map(({ name: workload, entry }) => ({ name: workload, port: entry.port })),
  ];
  const found = new Map<string, LocalAddress>();
  for (const service of services) {
    const host = serviceHost(service.name, namespace);
    found.set(service.name, { host, port: service.port, localPort: await choosePort(service.port) });
  }
  return found;
}

async function startServers(
  { platform, programs }: LocalPlatformOptions,
  objects: readonly KubernetesObject[],
  addresses: ReadonlyMap<string, LocalAddress>,
): Promise<Pick<LocalPlatform, 'ports' | 'stop'>> {
  const names = namesOf(platform.metadata.name);
  const portOf = (name: string): number => addresses.get(name)?.localPort ?? 0;
  const setting = { programs, names, objects, id: describeCheckout().id };
  const ports = { postgres: portOf(names.postgres), valkey: portOf(names.cache) };
  const starting = [
    startPostgresServer({ ...setting, port: ports.postgres } satisfies ServerSetting),
    startValkeyServer({ ...setting, port: ports.valkey } satisfies ServerSetting),
  ];
  const started = await Promise.allSettled(starting);
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((server: LocalServer) => server.stop('SIGINT')));
  };
  const failure = started.find((result) => result.status === 'rejected');
  if (failure === undefined) return { ports, stop };
  await stop();
  throw failure.reason;
}
