const DEADLINE_MS = 30_000;

interface Reply {
  readonly id?: number;
  readonly result?: { readonly usedSize?: number };
}

/**
 * Bytes of the heap that are in use once everything that is not has been collected, of a Node process that was started
 * with `--inspect=127.0.0.1:PORT` (Chrome DevTools Protocol, HeapProfiler and Runtime). Memory that only waits for the
 * collector says nothing of a leak.
 */
export async function liveHeapBytes(port: number): Promise<number> {
  const [target] = (await (await fetch(`http://127.0.0.1:${String(port)}/json/list`)).json()) as [
    { webSocketDebuggerUrl: string },
  ];
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  const signal = AbortSignal.timeout(DEADLINE_MS);
  try {
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    await call(socket, { id: 1, method: 'HeapProfiler.collectGarbage' }, signal);
    const { usedSize = NaN } = await call(socket, { id: 2, method: 'Runtime.getHeapUsage' }, signal);
    return usedSize;
  } finally {
    socket.close();
  }
}

function call(
  socket: WebSocket,
  request: { readonly id: number; readonly method: string },
  signal: AbortSignal,
): Promise<NonNullable<Reply['result']>> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`${request.method} took too long`)), { once: true });
    socket.addEventListener('message', ({ data }) => {
      const { id, result = {} } = JSON.parse(String(data)) as Reply;
      if (id === request.id) resolve(result);
    });
    socket.send(JSON.stringify(request));
  });
}
