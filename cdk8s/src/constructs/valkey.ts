import { Construct } from 'constructs';
import { secretsFolder } from '../attachments/attachment.ts';
import type { Mount } from '../attachments/mount.ts';
import { temporaryFiles } from '../attachments/mount.ts';
import type { Context } from '../context.ts';
import { probeUser } from '../access-list.ts';
import { cacheWorkload } from '../network/flows.ts';
import { shareInMebibytes } from '../quantity.ts';
import { databaseUserId } from '../security-context.ts';
import type { InClusterServer } from '../settings/server.ts';
import { commandProbes, SingleServer } from './single-server.ts';

const configurationFolder = '/etc/valkey';
const tlsFolder = `${secretsFolder}/tls`;
const accessListFolder = `${secretsFolder}/acl`;
const dataFolder = '/data';
const port = 6379;

export interface ValkeyProps {
  readonly context: Context;
  readonly server: InClusterServer;
}

/** Valkey over TLS only, with a user per workload, run as the official image documents: https://hub.docker.com/r/valkey/valkey */
export class Valkey extends Construct {
  constructor(scope: Construct, id: string, { context, server }: ValkeyProps) {
    super(scope, id);
    const { names } = context.settings;
    const configuration = { 'valkey.conf': configurationFile(server) };
    new SingleServer(this, 'server', {
      context,
      server,
      name: names.cache,
      claimName: names.cacheData,
      configuration,
      port: { name: 'redis', number: port },
      pod: {
        workload: cacheWorkload,
        image: 'valkey',
        args: [`${configurationFolder}/valkey.conf`],
        userId: databaseUserId,
        attachment: { env: {}, mounts: mountsOf(context, configuration) },
        probes: probes(),
        terminationGracePeriodSeconds: 30,
      },
    });
  }
}

const call = `valkey-cli --tls --cacert ${tlsFolder}/ca.crt -p ${port} --user ${probeUser} --pass any --no-auth-warning`;

/** `PONG` comes only when the data is read: before, the server accepts connections and answers LOADING. */
const pingCommand = [
  'sh',
  '-c',
  // The user may do nothing that matters, so that its password is no secret.
  `test "$(${call} ping)" = PONG`,
];

/**
 * Has the list of users read again once the kubelet has brought another, without which a password could not be rotated
 * under a running server: nothing else in the pod looks at the file. The mark is made before the list is read, so that
 * a change meanwhile is not missed; connections live on.
 */
const reloadCommand = [
  'sh',
  '-c',
  `list=${accessListFolder}/users.acl; mark=/tmp/acl; ` +
    `if [ ! -e $mark ] || [ "$list" -nt $mark ]; then touch $mark.new && test "$(${call} acl load)" = OK && mv $mark.new $mark; fi; ` +
    `test "$(${call} ping)" = PONG`,
];

function probes(): ReturnType<typeof commandProbes> {
  const { readinessProbe } = commandProbes(reloadCommand, 120);
  return { ...commandProbes(pingCommand, 120), readinessProbe };
}

function configurationFile({ resources }: InClusterServer): string {
  const memory = resources.limits['memory'] ?? '128Mi';
  const lines = [
    'port 0',
    `tls-port ${port}`,
    `tls-cert-file ${tlsFolder}/tls.crt`,
    `tls-key-file ${tlsFolder}/tls.key`,
    `tls-ca-cert-file ${tlsFolder}/ca.crt`,
    'tls-auth-clients no',
    'tls-protocols "TLSv1.2 TLSv1.3"',
    `aclfile ${accessListFolder}/users.acl`,
    `dir ${dataFolder}`,
    'appendonly yes',
    // Rewriting the log copies pages that are written meanwhile, so the data must leave room.
    `maxmemory ${shareInMebibytes(memory, 0.6)}mb`,
    // What has an end is a cache and may go early; what has none is kept.
    'maxmemory-policy volatile-lru',
  ];
  return `${lines.join('\n')}\n`;
}

function mountsOf(context: Context, configuration: Record<string, string>): Mount[] {
  const { names } = context.settings;
  return [
    { name: 'data', path: dataFolder, source: { kind: 'claim', name: names.cacheData } },
    {
      name: 'configuration',
      path: configurationFolder,
      source: { kind: 'configMap', name: names.cache, content: configuration },
    },
    { name: 'acl', path: accessListFolder, source: { kind: 'secret', name: names.cacheAcl, reloaded: true } },
    { name: 'tls', path: tlsFolder, source: { kind: 'secret', name: names.cacheTls } },
    temporaryFiles,
  ];
}
