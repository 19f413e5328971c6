import type { Context } from './context.ts';
import { secretValue } from './context.ts';
import { sha256Hex } from './digest.ts';

/** The user of the probes; anyone may be it, and it may do nothing but ask whether the server serves and have this list read again. */
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
    `user ${probeUser} on nopass +ping +acl|load`,
    ...users.map(({ name, cacheKeys = [] }) => {
      const secret = names.cacheLogin(name);
      const hashes = passwordsOf(context, secret).map((password) => ` #${sha256Hex(password)}`);
      const keys = cacheKeys.map((pattern) => ` ~${pattern}`).join('');
      return `user ${secretValue(context, secret, 'username')} on${hashes.join('')}${keys} +@all -@admin -@dangerous +info`;
    }),
  ];
  return { 'users.acl': `${lines.join('\n')}\n` };
}

/** While a password is rotated two are valid: whoever holds the one or the other gets in. */
function passwordsOf(context: Context, secret: string): string[] {
  const values = context.observed.secrets[secret] ?? {};
  const others = [values['next-password'], values['previous-password']].filter((value) => value !== undefined);
  return [secretValue(context, secret, 'password'), ...others];
}
