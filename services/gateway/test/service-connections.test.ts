import { once } from 'node:events';
import { request } from 'node:http';
import { ServiceConnections } from '../src/proxy/service-connections.ts';
import { startUpstream } from './harness/upstream-service.ts';

test.each([
  ['a connection that was idle for less than the drain delay is used again', 3_900, 1],
  ['one that was idle for longer is not, even where its timer is late', 4_001, 2],
])('%s', async (_what, idleMs, connections) => {
  let now = 0;
  let accepted = 0;
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  upstream.server.on('connection', () => (accepted += 1));
  const agent = new ServiceConnections(() => now);
  const ask = async (): Promise<void> => {
    agent.dropStale();
    const outgoing = request(upstream.url, { agent }).end();
    const [reply] = (await once(outgoing, 'response')) as [NodeJS.ReadableStream];
    reply.resume();
    await once(reply, 'close');
  };
  try {
    await ask();
    now += idleMs;
    await ask();
    expect(accepted).toBe(connections);
  } finally {
    agent.destroy();
    await upstream.close();
  }
});
