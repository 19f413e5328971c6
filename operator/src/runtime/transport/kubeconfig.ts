import type { RequestOptions } from 'node:https';
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

/**
 * The cluster of a kubeconfig's current context (or the named one): client certificates, tokens, basic authentication,
 * OIDC and exec plugins, all by client-node, which is loaded only here: inside a pod nobody pays its 60 MB.
 * @throws Error when the file or the context does not exist or the credentials cannot be had.
 */
export async function fromKubeconfig(path: string, context?: string, clock: Clock = systemClock): Promise<Cluster> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(path);
  if (context !== undefined) config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(`the kubeconfig ${path} has no cluster for its current context`);

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
