import { Construct } from 'constructs';
import { secretsFolder } from '../attachments/attachment.ts';
import { databaseAdministrator } from '../attachments/database-client.ts';
import type { Mount } from '../attachments/mount.ts';
import { temporaryFiles } from '../attachments/mount.ts';
import type { Context } from '../context.ts';
import { postgresWorkload } from '../network/flows.ts';
import { shareInMebibytes } from '../quantity.ts';
import { databaseUserId } from '../security-context.ts';
import type { InClusterServer } from '../settings/server.ts';
import { commandProbes, SingleServer } from './single-server.ts';

const dataFolder = '/var/lib/postgresql/data';
const configurationFolder = '/etc/genaiplatform.io/postgres';
const tlsFolder = `${secretsFolder}/tls`;
const administratorFolder = `${secretsFolder}/database`;

/**
 * Over the network only with TLS and a SCRAM password. The first line lets the image's entry point create the
 * database over the socket, with the same password.
 */
const hostBasedAuthentication = `local all all scram-sha-256
hostssl all all all scram-sha-256
`;

export interface PostgresProps {
  readonly context: Context;
  readonly server: InClusterServer;
}

/** PostgreSQL with pgvector, run as the official images document: https://hub.docker.com/_/postgres */
export class Postgres extends Construct {
  constructor(scope: Construct, id: string, { context, server }: PostgresProps) {
    super(scope, id);
    const { names, database } = context.settings;
    const configuration = { 'pg_hba.conf': hostBasedAuthentication };
    new SingleServer(this, 'server', {
      context,
      server,
      name: names.postgres,
      claimName: names.postgresData,
      configuration,
      port: { name: 'postgres', number: 5432 },
      pod: {
        workload: postgresWorkload,
        image: 'postgres',
        args: [
          'postgres',
          ...Object.entries(parameters(context, server)).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
        ],
        userId: databaseUserId,
        attachment: {
          env: {
            POSTGRES_DB: database.databaseName,
            POSTGRES_USER: 'postgres',
            POSTGRES_PASSWORD_FILE: `${administratorFolder}/password`,
            // Not the root of the volume: that may hold lost+found, and must keep its owner.
            PGDATA: `${dataFolder}/pgdata`,
          },
          mounts: mountsOf(context, server, configuration),
        },
        // Asks over TCP, where the entry point's temporary server does not listen while the database is created.
        probes: commandProbes(['pg_isready', '--host=127.0.0.1', '--port=5432', '--quiet'], 300),
        // A fast shutdown writes a checkpoint first.
        terminationGracePeriodSeconds: 120,
      },
    });
  }
}

function parameters({ settings }: Context, { resources }: InClusterServer): Record<string, string> {
  const memory = resources.limits['memory'] ?? '512Mi';
  return {
    hba_file: `${configurationFolder}/pg_hba.conf`,
    listen_addresses: '*',
    ssl: 'on',
    ssl_cert_file: `${tlsFolder}/tls.crt`,
    ssl_key_file: `${tlsFolder}/tls.key`,
    ssl_min_protocol_version: 'TLSv1.2',
    password_encryption: 'scram-sha-256',
    max_connections: String(settings.database.maxConnections),
    // A quarter and a half of the memory, as the manual proposes; index builds take an eighth at most.
    shared_buffers: `${shareInMebibytes(memory, 1 / 4)}MB`,
    effective_cache_size: `${shareInMebibytes(memory, 1 / 2)}MB`,
    maintenance_work_mem: `${shareInMebibytes(memory, 1 / 8)}MB`,
  };
}

function mountsOf(context: Context, { resources }: InClusterServer, configuration: Record<string, string>): Mount[] {
  const { names } = context.settings;
  const sharedMemory = `${shareInMebibytes(resources.limits['memory'] ?? '512Mi', 1 / 4)}Mi`;
  return [
    { name: 'data', path: dataFolder, source: { kind: 'claim', name: names.postgresData } },
    {
      name: 'configuration',
      path: configurationFolder,
      source: { kind: 'configMap', name: names.postgres, content: configuration },
    },
    {
      name: 'administrator',
      path: administratorFolder,
      source: { kind: 'secret', name: databaseAdministrator(context), items: { password: 'password' } },
    },
    { name: 'tls', path: tlsFolder, source: { kind: 'secret', name: names.postgresTls } },
    { name: 'run', path: '/var/run/postgresql', source: { kind: 'scratch', sizeLimit: '16Mi' } },
    // Parallel index builds share memory through files here; the default of containers, 64 MiB, is too little.
    { name: 'shm', path: '/dev/shm', source: { kind: 'scratch', sizeLimit: sharedMemory, inMemory: true } },
    temporaryFiles,
  ];
}
