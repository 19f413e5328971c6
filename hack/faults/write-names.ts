import type { Match, RequestInfo } from '../../operator/test/harness/fault-plan.ts';

const HASH = '[0-9a-f]{8,10}';

/** A write without what differs between two runs: `apply jobs acme-search-migrate-*`, `apply genaiplatforms acme status`. */
export function nameOfWrite({ verb, kind, name, subresource }: RequestInfo): string {
  const stable = name.replace(new RegExp(`-${HASH}$`), '-*');
  return [verb, kind, stable, subresource].filter((part) => part !== '').join(' ');
}

/** The requests that have this name. */
export function matchOf(write: string): Match {
  const [verb, kind = '', name = '', subresource = ''] = write.split(' ');
  const pattern = name.endsWith('-*') ? new RegExp(`^${name.slice(0, -1)}${HASH}$`) : name;
  return { verb: verb as RequestInfo['verb'], kind, name: pattern, subresource };
}

/** How often a status is told depends on what is seen in between. */
export function isStatus(write: string): boolean {
  return write.endsWith(' status');
}
