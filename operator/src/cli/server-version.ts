import type { ResourceKind } from '../runtime/index.ts';
import type { Connection } from './connection.ts';

interface Version {
  readonly gitVersion?: string;
}

/** No object of the API; so called in errors. */
const ServerVersion: ResourceKind = { group: '', version: '', kind: 'version', plural: 'version', namespaced: false };

/** Version of the API server, for example `v1.35.0`. */
export async function serverVersion(
  { transport }: Pick<Connection, 'transport'>,
  signal: AbortSignal,
): Promise<string> {
  const { body } = await transport.call<Version>({ verb: 'get', kind: ServerVersion, path: '/version', signal });
  return body.gitVersion ?? 'unknown';
}
