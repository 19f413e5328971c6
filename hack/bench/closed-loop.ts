/** Latencies of a run, and how many requests a second it made. */
export interface LoadResult {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
  readonly count: number;
}

/** Sends the requests, each of `parallel` senders one after another, and measures every one. */
export async function runClosedLoop<T>(
  requests: readonly T[],
  parallel: number,
  send: (request: T) => Promise<void>,
): Promise<LoadResult> {
  let next = 0;
  return await measured(parallel, () => {
    const index = next++;
    return index < requests.length ? () => send(requests[index] as T) : undefined;
  });
}

/** The same for a time: what is slow is measured no longer than what is fast. */
export async function runForSeconds(seconds: number, parallel: number, send: () => Promise<void>): Promise<LoadResult> {
  const until = performance.now() + seconds * 1_000;
  return await measured(parallel, () => (performance.now() < until ? send : undefined));
}

/** Each of the senders takes work until there is no more. */
async function measured(parallel: number, take: () => (() => Promise<void>) | undefined): Promise<LoadResult> {
  const latencies: number[] = [];
  const sender = async (): Promise<void> => {
    for (let work = take(); work !== undefined; work = take()) {
      const started = performance.now();
      await work();
      latencies.push(performance.now() - started);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: parallel }, sender));
  const seconds = (performance.now() - started) / 1_000;
  latencies.sort((a, b) => a - b);
  const percentile = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] as number;
  const count = latencies.length;
  const [p50Ms, p95Ms, p99Ms] = [percentile(0.5), percentile(0.95), percentile(0.99)];
  return { p50Ms, p95Ms, p99Ms, perSecond: count / seconds, count };
}
