import type { Context } from './context.ts';
import { secretValue } from './context.ts';
import { sha256Hex } from './digest.ts';

/** The user of the probes; anyone may be it, and it may do nothing but ask whether the server serves. */
export const probeUser = 'probe';

/**
 * The users of the cache in the cluster: one per workload, bound to keys and channels that begin with its name, without
 * the commands that reach beyond them. INFO is what clients ask when they connect.
 * https://valkey.io/topics/acl/
 */
export function accessList(context: Context): Record<string, string> {
  const lines = [
    'user default off',
    `user ${probeUser} on nopass +ping`,
    ...cacheUsers(context).map((workload) => {
      const secret = context.settings.names.cacheLogin(workload);
      const hash = sha256Hex(secretValue(context, secret, 'password'));
      const scope = `~${workload}:* &${workload}:*`;
      return `user ${secretValue(context, secret, 'username')} on #${hash} ${scope} +@all -@admin -@dangerous +info`;
    }),
  ];
  return { 'users.acl': `${lines.join('\n')}\n` };
}

/** The workloads that log in to the cache. */
export function cacheUsers({ settings }: Context): string[] {
  return settings.workloads.filter(({ entry }) => entry.needs.includes('redis')).map(({ entry }) => entry.name);
}
