import type { ObjectClient } from '../object-client.ts';
import type { KubeObject } from '../object.ts';
import type { ResourceKind } from '../resource-kind.ts';
import { isGone } from '../transport/api-error.ts';
import type { ObjectList } from '../transport/call.ts';

/** Which objects of a kind. */
export interface Scope<T extends KubeObject = KubeObject> {
  readonly kind: ResourceKind<T>;
  readonly namespace?: string;
  readonly selector?: string;
}

// client-go's page size: about 5 MB of JSON at 10 KB an object.
const pageSize = 500;

/**
 * The pages of one consistent LIST. A continue token expires with etcd's compaction (5 min): the list then starts
 * again, and the second time is asked for in one piece, which cannot expire. Callers see a page with another version.
 */
export async function* listPages<T extends KubeObject>(
  client: ObjectClient,
  scope: Scope<T>,
  signal: AbortSignal,
): AsyncGenerator<ObjectList<T>> {
  try {
    yield* pagesOf(client, scope, signal, pageSize);
  } catch (error) {
    if (!isGone(error)) throw error;
    yield* pagesOf(client, scope, signal, undefined);
  }
}

async function* pagesOf<T extends KubeObject>(
  client: ObjectClient,
  scope: Scope<T>,
  signal: AbortSignal,
  limit: number | undefined,
): AsyncGenerator<ObjectList<T>> {
  let token: string | undefined;
  do {
    const { kind, ...where } = scope;
    const paging = { ...(limit && { limit }), ...(token !== undefined && { continue: token }) };
    const page: ObjectList<T> = await client.list(kind, { ...where, ...paging }, signal);
    yield page;
    token = page.metadata.continue === '' ? undefined : page.metadata.continue;
  } while (token !== undefined);
}
