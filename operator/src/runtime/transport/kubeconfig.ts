import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import type { Cluster, TlsSettings } from './cluster.ts';

// Long enough that files are not read for every request, short enough that a rotated one is seen soon.
const maxAgeMs = 10_000;

interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsSettings;
  readonly readAt: number;
}

/** Which cluster of which files, and as whom; all as kubectl's flags of these names say. */
export interface KubeconfigChoice {
  /** Merged as kubectl merges `KUBECONFIG`: what an earlier file says stands. At least one must exist. */
  readonly files: readonly string[];
  readonly context?: string | undefined;
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
}

/**
 * The cluster of a kubeconfig's current context (or the named one): client certificates, tokens, basic authentication,
 * OIDC and exec plugins, all by client-node, which is loaded only here: inside a pod nobody pays its 60 MB.
 * @throws Error when the file or the context does not exist or the credentials cannot be had.
 */
export function fromKubeconfig(path: string, context?: string, clock: Clock = systemClock): Promise<Cluster> {
  return fromKubeconfigs({ files: [path], context }, clock);
}

/**
 * As `fromKubeconfig`, of several files and with parts of the context chosen one by one.
 * @throws Error as there
 */
export async function fromKubeconfigs(choice: KubeconfigChoice, clock: Clock = systemClock): Promise<Cluster> {
  const config = await readConfig(choice);
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(`the kubeconfig ${choice.files.join(', ')} has no cluster for its current context`);

  async function load(): Promise<Credentials> {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return { headers: headersOf(options), tls: tlsOf(options), readAt: clock.monotonic() };
  }
  let current = await load();
  let stale = false;

  return {
    server: new URL(cluster.server),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
    tls: () => current.tls,
    async headers() {
      if (stale || clock.monotonic() - current.readAt > maxAgeMs) current = await load();
      stale = false;
      return current.headers;
    },
    invalidate() {
      stale = true;
    },
  };
}

async function readConfig({ files, context, ...parts }: KubeconfigChoice): Promise<KubeConfig> {
  const config = await readFiles(files);
  if (context !== undefined && !config.getContextObject(context)) {
    const names = config.getContexts().map(({ name }) => name);
    throw new Error(`there is no context ${JSON.stringify(context)}; there are: ${names.join(', ') || 'none'}`);
  }
  if (context !== undefined) config.setCurrentContext(context);
  if (parts.cluster !== undefined || parts.user !== undefined) choose(config, parts);
  return config;
}

async function readFiles(files: readonly string[]): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const [first, ...others] = files.map((file) => {
    const config = new KubeConfig();
    config.loadFromFile(file);
    return config;
  });
  if (!first) throw new Error('there is no kubeconfig');
  for (const other of others) first.mergeConfig(other, first.getCurrentContext() !== '');
  return first;
}

/** A context of its own from the current one, with another cluster or user. */
function choose(config: KubeConfig, { cluster, user }: Pick<KubeconfigChoice, 'cluster' | 'user'>): void {
  const { namespace, ...present } = config.getContextObject(config.getCurrentContext()) ?? { cluster: '', user: '' };
  const chosen = { name: '(chosen)', cluster: cluster ?? present.cluster, user: user ?? present.user };
  config.addContext({ ...chosen, ...(namespace !== undefined && { namespace }) });
  config.setCurrentContext(chosen.name);
}

function headersOf(options: RequestOptions): Record<string, string> {
  const headers = Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const basic =
    typeof options.auth === 'string' ? { authorization: `Basic ${Buffer.from(options.auth).toString('base64')}` } : {};
  return { ...basic, ...(Object.fromEntries(headers) as Record<string, string>) };
}

function tlsOf(options: RequestOptions): TlsSettings {
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(servername !== undefined && { servername }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
}
