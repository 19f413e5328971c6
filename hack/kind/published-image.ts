import { docker } from '../docker/client.ts';
import type { GoOptions } from '../machine/go.ts';

/** The image that kind v0.30.0 was published with. Its digest, so that what runs is what was tested. */
const digest = 'sha256:7416a61b42b1662ca6ca89f02028ac133a309a2a30ba309614e8ec94d976dc5a';

/** Name of the published node image. */
export const publishedImage: string = `kindest/node:v1.34.0@${digest}`;

const firstProgressMs = 20_000;
const wholePullMs = 20 * 60_000;
const probeMs = 10_000;

/**
 * Pulls the published image; says whether that worked. A name that resolves, or a port that answers, proves nothing
 * where a network stands in for others, so only a layer that begins to arrive within 20 s counts.
 */
export async function pullPublishedImage({ say, log, signal }: GoOptions): Promise<boolean> {
  say?.(`pulling ${publishedImage}`);
  const stalled = new AbortController();
  const timer = setTimeout(() => {
    stalled.abort();
  }, firstProgressMs);
  try {
    await docker(['pull', publishedImage], {
      deadlineMs: wholePullMs,
      signal: signal === undefined ? stalled.signal : AbortSignal.any([signal, stalled.signal]),
      ...(log !== undefined && { log }),
      onLine: (line) => {
        if (/Pulling fs layer|Already exists|Download complete/.test(line)) clearTimeout(timer);
      },
    });
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Asks the registry for the image's manifest, as a pull would; for the time before an engine runs that could pull.
 * The answer must have the pinned digest.
 */
export async function registryServesImage(): Promise<boolean> {
  const signal = AbortSignal.timeout(probeMs);
  try {
    const scope = 'service=registry.docker.io&scope=repository:kindest/node:pull';
    const { token } = (await (await fetch(`https://auth.docker.io/token?${scope}`, { signal })).json()) as {
      token: string;
    };
    const accept = 'application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json';
    const url = `https://registry-1.docker.io/v2/kindest/node/manifests/${digest}`;
    const answer = await fetch(url, { headers: { accept, authorization: `Bearer ${token}` }, signal });
    return answer.ok && answer.headers.get('docker-content-digest') === digest;
  } catch {
    return false;
  }
}
