import { RuntimeError } from '../errors.ts';
import type { ErrorPolicy } from '../errors.ts';
import type { KubeObject, LiveObject } from '../object.ts';
import type { Status } from '../transport/api-error.ts';
import { ApiError } from '../transport/api-error.ts';
import type { ResourceKind } from '../resource-kind.ts';

/** One line of a watch. */
export type WatchEvent<T extends KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: LiveObject<T> }
  | { readonly type: 'BOOKMARK'; readonly object: { readonly metadata: { readonly resourceVersion: string } } };

/** A line that is no event. It may have hidden one, so the watch must start again from the last good line. */
export class GarbledWatch extends RuntimeError {
  readonly policy: ErrorPolicy = { retry: 'backoff', reason: 'GarbledWatch' };
}

/** @throws GarbledWatch, or the ApiError that an ERROR event carries. */
export function parseWatchEvent<T extends KubeObject>(line: string, kind: ResourceKind<T>): WatchEvent<T> {
  const event = parseLine(line);
  if (event.type === 'ERROR') {
    const status = event.object as Status | undefined;
    throw new ApiError({ verb: 'watch', kind }, status?.code ?? 500, status ?? {});
  }
  const object = event.object as KubeObject | undefined;
  if (!isKnownType(event.type) || !object?.metadata?.resourceVersion) throw garbled(line);
  return { type: event.type, object } as WatchEvent<T>;
}

function parseLine(line: string): { readonly type?: unknown; readonly object?: unknown } {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Falls through: not JSON and not an object are the same thing here.
  }
  throw garbled(line);
}

function isKnownType(type: unknown): type is WatchEvent<KubeObject>['type'] {
  return type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED' || type === 'BOOKMARK';
}

function garbled(line: string): GarbledWatch {
  return new GarbledWatch(`a watch line of ${line.length} characters is no watch event`);
}
