import type { Context } from '../context.ts';
import { secretValue } from '../context.ts';
import type { ExternalServer, Server } from '../settings/server.ts';
import type { Attachment } from './attachment.ts';
import { secretsFolder } from './attachment.ts';
import type { Mount, MountSource } from './mount.ts';

const file = 'ca.crt';

/** What is in the ConfigMap with the certificate of the platform's own authority. */
export function authorityBundle(context: Context): Record<string, string> {
  return { [file]: secretValue(context, context.settings.names.authority, file) };
}

/**
 * The certificate that `server` is verified with: the platform's own authority for a server in the cluster, the given
 * one for an external server, and nothing where Node.js's own authorities are to be used.
 */
export function serverAuthority(context: Context, server: Server, variable: 'DATABASE' | 'REDIS'): Attachment {
  const source = server.kind === 'inCluster' ? ownAuthority(context) : givenAuthority(server);
  if (source === undefined) return { env: {}, mounts: [] };
  const name = `${variable.toLowerCase()}-ca`;
  const mount: Mount = { name, path: `${secretsFolder}/${name}`, source };
  return { env: { [`${variable}_TLS_CA_FILE`]: `${mount.path}/${file}` }, mounts: [mount] };
}

function ownAuthority(context: Context): MountSource {
  return { kind: 'configMap', name: context.settings.names.authorityBundle, content: authorityBundle(context) };
}

function givenAuthority({ authority }: ExternalServer): MountSource | undefined {
  return authority && { kind: 'secret', name: authority.secret, items: { [authority.key]: file } };
}
