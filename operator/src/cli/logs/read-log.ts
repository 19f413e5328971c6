import { Pods } from '../../platform/kinds.ts';
import type { Transport } from '../../runtime/transport/transport.ts';
import type { LogSource } from './log-sources.ts';

/** How much of a log. */
export interface LogRange {
  readonly sinceMs?: number;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly timestamps?: boolean;
  /** Goes on while the container runs. */
  readonly follow?: boolean;
}

const ANSWER_MS = 30_000;
/** A container may be silent for as long as it likes. */
const SILENCE_MS = 7 * 24 * 3_600_000;

/** The lines of one container's log. @throws ApiError where the kubelet or the API server has none */
export async function* readLog(
  transport: Transport,
  { namespace, pod, container, previous }: LogSource & { readonly namespace: string },
  { sinceMs, follow = false, ...range }: LogRange,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const sinceSeconds = sinceMs === undefined ? undefined : Math.max(1, Math.ceil(sinceMs / 1_000));
  const query = { container, ...range, sinceSeconds, ...(previous && { previous }), ...(follow && { follow }) };
  const call = { verb: 'get', kind: Pods, namespace, name: pod, subresource: 'log', query, signal } as const;
  const stream = await transport.watch(call, follow ? SILENCE_MS : ANSWER_MS);
  try {
    yield* stream.lines;
  } finally {
    stream.close();
  }
}
