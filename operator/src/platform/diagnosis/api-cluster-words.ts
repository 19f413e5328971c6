import type { KubeObject, Logger, ResourceKind } from '../../runtime/index.ts';
import type { Transport } from '../../runtime/transport/transport.ts';
import type { ObjectList } from '../../runtime/transport/call.ts';
import { Pods } from '../kinds.ts';
import type { ClusterEvent, ClusterWords, ContainerRef } from './cluster-words.ts';

interface CoreEvent extends KubeObject {
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly lastObservedTime?: string } | null;
}

const Events: ResourceKind<CoreEvent> = { group: '', version: 'v1', kind: 'Event', plural: 'events', namespaced: true };

const DEADLINE_MS = 5_000;
const MAX_EVENTS = 50;
const MAX_LOG_BYTES = 8 * 1024;

/** Asks the API server. What it does not want to tell is left out of the explanation, and said in the log. */
export function createApiClusterWords(transport: Transport, log: Logger): ClusterWords {
  return {
    async warnings({ namespace, uid }, signal) {
      const fieldSelector = `involvedObject.uid=${uid},type=Warning`;
      const call = { verb: 'list', kind: Events, namespace, query: { fieldSelector, limit: MAX_EVENTS }, signal, deadlineMs: DEADLINE_MS } as const; // prettier-ignore
      const events = await orNothing(async () => (await transport.call<ObjectList<CoreEvent>>(call)).body.items ?? [], { log, signal }); // prettier-ignore
      return (events ?? []).map(read).sort((a, b) => (b.at ?? '').localeCompare(a.at ?? ''));
    },
    logTail: (container, lines, signal) =>
      orNothing(() => readLog(transport, container, { lines, signal }), { log, signal }),
  };
}

function read({ reason = '', message = '', series, lastTimestamp, eventTime }: CoreEvent): ClusterEvent {
  const at = series?.lastObservedTime ?? lastTimestamp ?? eventTime;
  return { reason, message, ...(at && { at }) };
}

async function readLog(
  transport: Transport,
  { namespace, pod, container }: ContainerRef,
  { lines, signal }: { lines: number; signal: AbortSignal },
): Promise<string | undefined> {
  const query = { container, tailLines: lines, limitBytes: MAX_LOG_BYTES };
  const stream = await transport.watch({ verb: 'get', kind: Pods, namespace, name: pod, subresource: 'log', query, signal }, DEADLINE_MS); // prettier-ignore
  const read: string[] = [];
  for await (const line of stream.lines) read.push(line);
  return read.length === 0 ? undefined : read.join('\n');
}

async function orNothing<T>(
  ask: () => Promise<T>,
  { log, signal }: { log: Logger; signal: AbortSignal },
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ err: error }, 'the cluster does not say why a workload is not ready');
    return undefined;
  }
}
