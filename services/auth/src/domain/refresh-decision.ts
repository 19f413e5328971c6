/** What the database knows of a session's tokens. */
export interface FamilyState {
  readonly generation: number;
  /** When each of the last generations was superseded, the newest last; ms since the epoch. */
  readonly supersededMs: readonly number[];
}

/** What becomes of a presented token. */
export type RefreshDecision =
  /** It is the newest: the next one is made. */
  | { readonly kind: 'rotate'; readonly next: FamilyState }
  /** It was superseded a moment ago, by a refresh beside this one: the newest is handed out again. */
  | { readonly kind: 'repeat' }
  /** It was superseded long ago: somebody has a copy. */
  | { readonly kind: 'replay' }
  /** It is newer than anything that was made: the database was restored from a backup. */
  | { readonly kind: 'unknown' };

/** More rotations than this within one grace are no client that lost an answer. */
const REMEMBERED = 16;

/** Decides on a token of a living session. Whoever calls holds the session's row locked. */
export function decideRefresh(
  presented: number,
  { generation, supersededMs }: FamilyState,
  nowMs: number,
  graceMs: number,
): RefreshDecision {
  if (presented > generation) return { kind: 'unknown' };
  if (presented === generation) {
    const recent = supersededMs.filter((atMs) => nowMs - atMs <= graceMs);
    return {
      kind: 'rotate',
      next: { generation: generation + 1, supersededMs: [...recent, nowMs].slice(-REMEMBERED) },
    };
  }
  const supersededAtMs = supersededMs[supersededMs.length - (generation - presented)];
  return supersededAtMs !== undefined && nowMs - supersededAtMs <= graceMs ? { kind: 'repeat' } : { kind: 'replay' };
}
