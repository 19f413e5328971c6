import type { Context } from './context.ts';
import { secretValue } from './context.ts';
import { sha256Hex } from './digest.ts';

/** The user of the probes; anyone may be it, and it may do nothing but ask whether the server serves. */
export const probeUser = 'probe';

/**
 * The users of the cache in the cluster: one per workload, bound to its own keys, without the commands that reach
 * beyond them. INFO is what clients ask when they connect.
 * https://valkey.io/topics/acl/
 */
export function accessList(context: Context): Record<string, string> {
  const { names, workloads } = context.settings;
  const users = workloads.map(({ entry }) => entry).filter(({ needs }) => needs.includes('redis'));
  const lines = [
    'user default off',
    `user ${probeUser} on nopass +ping`,
    ...users.map(({ name, cacheKeys = [] }) => {
      const secret = names.cacheLogin(name);
      const hash = sha256Hex(secretValue(context, secret, 'password'));
      const keys = cacheKeys.map((pattern) => ` ~${pattern}`).join('');
      return `user ${secretValue(context, secret, 'username')} on #${hash}${keys} +@all -@admin -@dangerous +info`;
    }),
  ];
  return { 'users.acl': `${lines.join('\n')}\n` };
}
