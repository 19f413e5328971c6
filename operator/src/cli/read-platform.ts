import { platformLabel } from '@genai-platform/cdk8s';
import type { Platform } from '../platform/kinds.ts';
import { Platforms } from '../platform/kinds.ts';
import { listPages } from '../runtime/cache/list-pages.ts';
import type { KubeObject, LiveObject, ResourceKind } from '../runtime/index.ts';
import { isNotFound, refTo } from '../runtime/index.ts';
import type { Connection } from './connection.ts';
import { Failure } from './failure.ts';

/** One platform of a cluster. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** The platform of this name. @throws Failure that names the platforms there are */
export async function readPlatform(
  { client, namespace }: Connection,
  name: string,
  signal: AbortSignal,
): Promise<LiveObject<Platform>> {
  const found = await client.get(refTo(Platforms, name, namespace), signal);
  if (found) return found;
  const { items } = await client.list(Platforms, { namespace, limit: 20 }, signal).catch(() => ({ items: [] }));
  const names = (items ?? []).map(({ metadata }) => metadata.name);
  const next = names.length > 0 ? `there are: ${names.join(', ')}` : 'look in other namespaces: kubectl get genai -A';
  throw new Failure(`there is no platform ${name} in namespace ${namespace}`, next);
}

/** Everything of a kind that carries the platform's label; nothing of a kind that is not installed. */
export async function listOf<T extends KubeObject>(
  { client }: Pick<Connection, 'client'>,
  kind: ResourceKind<T>,
  { namespace, name }: Place,
  signal: AbortSignal,
): Promise<LiveObject<T>[]> {
  const found: LiveObject<T>[] = [];
  try {
    const scope = { kind, namespace, selector: `${platformLabel}=${name}` };
    for await (const { items } of listPages(client, scope, signal)) found.push(...((items ?? []) as LiveObject<T>[]));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return found;
}
