import { Construct } from 'constructs';
import { attachAll, secretsFolder } from '../attachments/attachment.ts';
import { serverAuthority } from '../attachments/authority.ts';
import type { Mount } from '../attachments/mount.ts';
import { temporaryFiles } from '../attachments/mount.ts';
import { OneTimeJob } from '../constructs/one-time-job.ts';
import { WorkloadPolicy } from '../constructs/workload-policy.ts';
import type { Context } from '../context.ts';
import { secretValue } from '../context.ts';
import { serviceHost } from '../naming.ts';
import { cacheLoginsWorkload, cacheWorkload } from '../network/flows.ts';

const loginsFolder = `${secretsFolder}/logins`;

/** Kubelets bring a changed Secret within two minutes; this is more. */
const attempts = 300;

/**
 * Tries passwords that are to become those of the workloads, until the cache takes them: it reads its list of users again
 * only some time after the list has changed. There only while a password is being rotated.
 */
export class CacheLoginsStage extends Construct {
  constructor(scope: Construct, context: Context) {
    super(scope, 'cache-logins');
    const { cache, names, workloads } = context.settings;
    if (cache.kind !== 'inCluster') return;
    const secrets = workloads
      .filter(({ entry }) => entry.needs.includes('redis'))
      .map(({ entry }) => ({ user: entry.name, secret: names.cacheLogin(entry.name) }))
      .filter(({ secret }) => context.observed.secrets[secret]?.['next-password'] !== undefined);
    if (secrets.length === 0) return;
    const authority = serverAuthority(context, cache, 'REDIS');
    const logins = secrets.map(({ user, secret }): Mount => ({
      name: `login-${user}`,
      path: `${loginsFolder}/${secretValue(context, secret, 'next-username')}`,
      source: { kind: 'secret', name: secret, items: { 'next-password': 'password' } },
    }));
    new WorkloadPolicy(this, 'policy', { context, workload: cacheLoginsWorkload });
    new OneTimeJob(this, 'job', {
      context,
      name: names.cacheLogins,
      // It needs no rights; the server's account has none either.
      serviceAccount: names.workload(cacheWorkload),
      pod: {
        workload: cacheLoginsWorkload,
        image: 'valkey',
        args: ['sh', '-c', script, 'sh', serviceHost(names.cache, context.settings.namespace)],
        attachment: attachAll(authority, { env: {}, mounts: [...logins, temporaryFiles] }),
        scheduling: {},
      },
    });
  }
}

/** Each folder is named after a user. The password goes by the environment: others can read arguments. */
const script = `for folder in ${loginsFolder}/*; do
  user=$(basename "$folder"); left=${attempts}
  until [ "$(REDISCLI_AUTH="$(cat "$folder/password")" valkey-cli -h "$1" --tls --cacert "$REDIS_TLS_CA_FILE" --user "$user" --no-auth-warning ping 2>/dev/null)" = PONG ]; do
    left=$((left - 1)); [ "$left" -gt 0 ] || { echo "the cache does not take the next password of $user"; exit 1; }
    sleep 1
  done
  echo "the cache takes the next password of $user"
done
`;
