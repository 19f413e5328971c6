import type { KubernetesObject, Names } from '@genai-platform/cdk8s';
import type { DatabasePrograms, LocalServer } from '@genai-platform/common/testing';
import { describeCheckout } from '../machine/checkout.ts';
import { startPostgresServer, startValkeyServer } from './servers.ts';
import { pgliteEnvironment, startPglite } from './stand-ins.ts';

/** What a platform's database and cache are started from. */
export interface ServersOptions {
  /** Without programs PGlite stands in for PostgreSQL, and nothing for Valkey. */
  readonly programs: DatabasePrograms | undefined;
  readonly names: Names;
  readonly objects: readonly KubernetesObject[];
  readonly directory: string;
  /** Ports of 127.0.0.1. */
  readonly ports: { readonly postgres: number; readonly valkey: number };
}

/** The database and the cache of a platform, as processes of this machine. */
export interface LocalServers {
  /** What the environment of those who use them has to say instead of what is rendered. */
  readonly environment: Readonly<Record<string, string>>;
  /** What runs, and where. */
  readonly places: Readonly<Record<string, string>>;
  /** Ends them. Their data stay. */
  stop(): Promise<void>;
}

/** Starts both side by side; when one fails, the other is ended too. */
export async function startLocalServers(options: ServersOptions): Promise<LocalServers> {
  const started = await Promise.allSettled(startAll(options));
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((server) => server.stop('SIGINT')));
  };
  const failure = started.find((result) => result.status === 'rejected');
  if (failure === undefined) return { ...described(options), stop };
  await stop();
  throw failure.reason;
}

function described({ programs, ports }: ServersOptions): Pick<LocalServers, 'environment' | 'places'> {
  const postgres = `localhost:${String(ports.postgres)}`;
  if (programs === undefined) return { environment: pgliteEnvironment, places: { PGlite: postgres } };
  return { environment: {}, places: { PostgreSQL: postgres, Valkey: `localhost:${String(ports.valkey)}` } };
}

function startAll({ programs, names, objects, directory, ports }: ServersOptions): Promise<LocalServer>[] {
  if (programs === undefined) return [startPglite(ports.postgres, directory)];
  const setting = { programs, names, objects, id: describeCheckout().id };
  return [
    startPostgresServer({ ...setting, port: ports.postgres }),
    startValkeyServer({ ...setting, port: ports.valkey }),
  ];
}
