import { joinErrors } from './errors.ts';

/**
 * Maps with at most `limit` calls under way. All items are tried; results keep the order of the items.
 * @throws the error, or all of them joined, after every call has ended.
 */
export async function mapLimit<A, B>(items: readonly A[], limit: number, map: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  const failures = new Map<number, unknown>();
  const pending = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of pending) {
      try {
        results[index] = await map(item);
      } catch (error) {
        failures.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  // In the order of the items, whatever the order of failing: the message may become a status, which must not flicker.
  const ordered = [...failures].sort(([a], [b]) => a - b).map(([, error]) => error);
  if (ordered.length > 0) throw joinErrors(ordered);
  return results;
}
