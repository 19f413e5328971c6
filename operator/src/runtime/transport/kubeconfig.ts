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

async function readConfig({ files, context, cluster, user }: KubeconfigChoice): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  for (const [index, file] of files.entries()) {
    if (index === 0) {
      config.loadFromFile(file);
      continue;
    }
    const next = new KubeConfig();
    next.loadFromFile(file);
    config.mergeConfig(next, config.getCurrentContext() !== '');
  }
  if (context !== undefined && !config.getContextObject(context)) {
    const names = config.getContexts().map(({ name }) => name).join(', '); // prettier-ignore
    throw new Error(`there is no context ${JSON.stringify(context)}; there are: ${names === '' ? 'none' : names}`);
  }
  if (context !== undefined) config.setCurrentContext(context);
  if (cluster === undefined && user === undefined) return config;
  const present = config.getContextObject(config.getCurrentContext());
  const chosen = { name: '(chosen)', cluster: cluster ?? present?.cluster ?? '', user: user ?? present?.user ?? '' };
  const namespace = present?.namespace === undefined ? {} : { namespace: present.namespace };
  config.addContext({ ...chosen, ...namespace });
  config.setCurrentContext(chosen.name);
  return config;
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
