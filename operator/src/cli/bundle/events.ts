import type { KubeObject, ResourceKind } from '../../runtime/index.ts';
import type { Connection } from '../connection.ts';
import type { Place } from '../read-platform.ts';

type Event = KubeObject & {
  readonly involvedObject?: { readonly kind?: string; readonly name?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string } | null;
};

const Events: ResourceKind<Event> = { group: '', version: 'v1', kind: 'Event', plural: 'events', namespaced: true };
const MAX_EVENTS = 2_000;

/** What was told of the platform and of what belongs to it, the newest last. */
export async function eventsOf(
  { client }: Connection,
  { namespace, name }: Place,
  signal: AbortSignal,
): Promise<object[]> {
  const { items } = await client.list(Events, { namespace, limit: MAX_EVENTS }, signal);
  return (items ?? [])
    .filter(({ involvedObject }) => involvedObject?.name === name || involvedObject?.name?.startsWith(`${name}-`))
    .map(toldIn)
    .sort((a, b) => a.at.localeCompare(b.at));
}

function toldIn({ involvedObject, type, reason, message, count, ...event }: Event): {
  readonly at: string;
  readonly [field: string]: unknown;
} {
  const object = [involvedObject?.kind, involvedObject?.name].join('/');
  return { at: timeOf(event), object, type, reason, message, count: event.series?.count ?? count };
}

function timeOf({ series, lastTimestamp, eventTime }: Pick<Event, 'series' | 'lastTimestamp' | 'eventTime'>): string {
  return series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? '';
}
