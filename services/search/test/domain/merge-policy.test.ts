import { chooseMerge } from '../../src/domain/segment/merge-policy.ts';
import type { MergeCandidate } from '../../src/domain/segment/merge-policy.ts';

const segment = (documents: number, deleted = 0): MergeCandidate => ({
  documents,
  live: documents - deleted,
  bytes: documents * 400,
});

/** Applies the policy until it is content; returns how many documents were rewritten. */
function settle(segments: MergeCandidate[]): number {
  let rewritten = 0;
  for (;;) {
    const run = chooseMerge(segments);
    if (!run) return rewritten;
    const live = segments.slice(...run).reduce((sum, each) => sum + each.live, 0);
    rewritten += live;
    segments.splice(run[0], run[1] - run[0], ...(live > 0 ? [segment(live)] : []));
  }
}

test('leaves a few segments alone and merges eight of a size', () => {
  expect(chooseMerge(Array(7).fill(segment(1_000)))).toBeUndefined();
  expect(chooseMerge(Array(8).fill(segment(1_000)))).toEqual([0, 8]);
});

test('merges neighbours only: a large segment between small ones parts them', () => {
  const small = Array<MergeCandidate>(6).fill(segment(10));
  expect(chooseMerge([...small, segment(5_000), ...small])).toBeUndefined();
});

test.each([
  ['bulks of a thousand', 1_000, 100],
  ['single documents', 1, 5_000],
])('keeps segments few and rewrites each document few times for %s', (_name, size, writes) => {
  const segments: MergeCandidate[] = [];
  let most = 0;
  let rewritten = 0;
  for (let i = 0; i < writes; i++) {
    segments.push(segment(size));
    rewritten += settle(segments);
    most = Math.max(most, segments.length);
  }
  expect(most).toBeLessThanOrEqual(32);
  expect(rewritten / (size * writes)).toBeLessThan(12);
});

test('rewrites a segment of which more than a quarter is deleted, and drops one of which nothing is left', () => {
  expect(chooseMerge([segment(1_000, 200)])).toBeUndefined();
  expect(chooseMerge([segment(500), segment(1_000, 300)])).toEqual([1, 2]);
  const segments = [segment(3, 3)];
  settle(segments);
  expect(segments).toEqual([]);
});

test('makes no segment beyond the limit of bytes', () => {
  const large = { documents: 100_000, live: 100_000, bytes: 20 * 1024 * 1024 };
  expect(chooseMerge(Array(12).fill(large))).toBeUndefined();
});
