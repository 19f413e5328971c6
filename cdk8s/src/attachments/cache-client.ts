import type { Context } from '../context.ts';
import { serviceHost } from '../naming.ts';
import type { Attachment } from './attachment.ts';
import { attachAll, secretsFolder } from './attachment.ts';
import { serverAuthority } from './authority.ts';

const credentialsFolder = `${secretsFolder}/redis`;

/** What the workload `workload` needs to use the cache: a user of its own in the cluster, the given one outside. */
export function cacheClient(context: Context, workload: string): Attachment {
  const { cache, names, namespace } = context.settings;
  const [host, port, secret] =
    cache.kind === 'inCluster'
      ? [serviceHost(names.cache, namespace), 6379, names.cacheLogin(workload)]
      : [cache.host, cache.port, cache.credentialsSecret];
  const connection: Attachment = {
    env: {
      REDIS_HOST: host,
      REDIS_PORT: String(port),
      REDIS_CREDENTIALS_DIR: credentialsFolder,
      REDIS_TLS_MODE: 'verify-full',
    },
    mounts: [
      {
        name: 'redis',
        path: credentialsFolder,
        source: { kind: 'secret', name: secret, items: { password: 'password', username: 'username' } },
      },
    ],
  };
  return attachAll(connection, serverAuthority(context, cache, 'REDIS'));
}
