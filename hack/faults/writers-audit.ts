import type { ProxiedRequest } from '../../operator/test/harness/fault-proxy.ts';
import type { Life } from '../../operator/test/platform/harness/subject.ts';
import { writesThrough } from '../../operator/test/platform/harness/subject.ts';

/** An operator that may lead, under the name by which it holds the Lease. */
export interface Holder {
  readonly name: string;
  readonly life: Pick<Life, 'proxy'>;
}

interface Entry {
  /** By `performance.now()`, when the API server's side saw it. */
  readonly at: number;
  readonly holder: string;
  /** A write of the Lease that was taken, or of anything else. */
  readonly takes: boolean;
  readonly what: string;
}

/**
 * Goes through all that several operators have asked to be written, in the order in which it came: whoever has written
 * the Lease last is the only one who may write. @returns what was written by another, in words
 */
export function auditWriters(holders: readonly Holder[]): string[] {
  const entries = holders.flatMap(entriesOf).sort((a, b) => a.at - b.at);
  const problems: string[] = [];
  let leader: string | undefined;
  for (const { holder, takes, what } of entries) {
    if (takes) leader = holder;
    else if (holder !== leader) problems.push(`${holder} wrote ${what} while ${leader ?? 'nobody'} held the Lease`);
  }
  return problems;
}

function entriesOf({ name, life: { proxy } }: Holder): Entry[] {
  const entry = (request: ProxiedRequest, takes: boolean): Entry => ({
    at: proxy.startedAt + request.atMs,
    holder: name,
    takes,
    what: [request.verb, request.kind, request.name, request.subresource].filter((part) => part !== '').join(' '),
  });
  const taken = proxy.requests.filter(
    ({ kind, verb, forwarded, status }) =>
      kind === 'leases' && ['create', 'update'].includes(verb) && forwarded && status >= 200 && status < 300,
  );
  return [
    ...taken.map((request) => entry(request, true)),
    ...writesThrough(proxy).map((request) => entry(request, false)),
  ];
}
