/** Latencies of a run, and how many requests a second it made. */
export interface LoadResult {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
}

/** Sends the requests, each of `parallel` senders one after another, and measures every one. */
export async function runClosedLoop<T>(
  requests: readonly T[],
  parallel: number,
  send: (request: T) => Promise<void>,
): Promise<LoadResult> {
  const latencies: number[] = [];
  let next = 0;
  const sender = async (): Promise<void> => {
    for (let index = next++; index < requests.length; index = next++) {
      const started = performance.now();
      await send(requests[index] as T);
      latencies.push(performance.now() - started);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: parallel }, sender));
  const seconds = (performance.now() - started) / 1_000;
  latencies.sort((a, b) => a - b);
  const percentile = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] as number;
  return { p50Ms: percentile(0.5), p99Ms: percentile(0.99), perSecond: requests.length / seconds };
}
