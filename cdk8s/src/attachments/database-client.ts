import type { Context } from '../context.ts';
import { serviceHost } from '../naming.ts';
import type { Attachment } from './attachment.ts';
import { attachAll, secretsFolder } from './attachment.ts';
import { serverAuthority } from './authority.ts';

const credentialsFolder = `${secretsFolder}/database`;

/** Who logs in, and where it works. */
export interface DatabaseLogin {
  /** Secret with the keys `username` and `password`. */
  readonly secret: string;
  /** The schema, which is also the role that owns it; absent for the administrator. */
  readonly schema?: string;
}

/** What a container needs to use the database. */
export function databaseClient(context: Context, { secret, schema }: DatabaseLogin): Attachment {
  const { database, names, namespace } = context.settings;
  const [host, port] =
    database.kind === 'inCluster' ? [serviceHost(names.postgres, namespace), 5432] : [database.host, database.port];
  const connection: Attachment = {
    env: {
      DATABASE_HOST: host,
      DATABASE_PORT: String(port),
      DATABASE_NAME: database.databaseName,
      // A pool is of those who serve; the administrator opens one connection.
      ...(schema !== undefined && { DATABASE_SCHEMA: schema, DATABASE_POOL_MAX: String(database.poolMax) }),
      DATABASE_CREDENTIALS_DIR: credentialsFolder,
      DATABASE_TLS_MODE: 'verify-full',
    },
    mounts: [
      {
        name: 'database',
        path: credentialsFolder,
        source: { kind: 'secret', name: secret, items: { password: 'password', username: 'username' } },
      },
    ],
  };
  return attachAll(connection, serverAuthority(context, database, 'DATABASE'));
}

/** The Secret with which the database is administered: generated in the cluster, given outside. */
export function databaseAdministrator({ settings }: Context): string {
  return settings.database.kind === 'inCluster' ? settings.names.postgresAdmin : settings.database.credentialsSecret;
}
