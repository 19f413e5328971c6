import { join } from 'node:path';
import { namesOf, objectsOf, render, serviceHost } from '@genai-platform/cdk8s';
import type { PlatformInput, Rendered } from '@genai-platform/cdk8s';
import type { DatabasePrograms } from '@genai-platform/common/testing';
import { platformVersion } from '../machine/version.ts';
import { Addresses, choosePort, type LocalAddress } from './addresses.ts';
import { startLocalServers } from './local-servers.ts';
import { localProgram, type LocalProgram } from './local-program.ts';
import { keepSecrets } from './secrets.ts';

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
  /** The servers that run, and where. */
  readonly servers: Readonly<Record<string, string>>;
  /** File with the bootstrap administrator's API key. */
  readonly bootstrapKeyFile: string;
  /** Ends the servers. Their data stay. */
  stop(): Promise<void>;
}

/** What to make a platform of. */
export interface LocalPlatformOptions {
  readonly platform: PlatformInput;
  /** Without them PGlite stands in for PostgreSQL, and nothing for Valkey. */
  readonly programs: DatabasePrograms | undefined;
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
  const names = namesOf(platform.metadata.name);
  const portOf = (name: string): number => addresses.get(name)?.localPort ?? 0;
  const ports = { postgres: portOf(names.postgres), valkey: portOf(names.cache) };
  const servers = await startLocalServers({ programs: options.programs, names, objects, directory, ports });
  const { environment } = servers;
  const toProgram = { objects, addresses: new Addresses([...addresses.values()]), directory, environment };
  const jobs = rendered.migrations.map((group) => group.filter(({ kind }) => kind === 'Job'));
  return {
    rendered,
    jobs: await Promise.all(jobs.map((group) => Promise.all(group.map((job) => localProgram(job, toProgram))))),
    workloads: await Promise.all(
      rendered.waves.flat().map(async ({ objects: own, name }) => {
        const deployment = own.find(({ kind }) => kind === 'Deployment');
        if (deployment === undefined) throw new Error(`no Deployment ${name} is rendered`);
        const port = String(portOf(name));
        const program = await localProgram(deployment, toProgram);
        return { ...program, env: { ...program.env, HTTP_PORT: port }, url: `http://127.0.0.1:${port}` };
      }),
    ),
    servers: servers.places,
    bootstrapKeyFile: join(secretsFolder, names.bootstrapAdmin, 'api-key'),
    stop: () => servers.stop(),
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
