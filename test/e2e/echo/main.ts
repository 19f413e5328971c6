import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceConfig, createService, events, get, post, routes, runService } from '@genai-platform/common';
import type { Route, ServerSentEvent, ServiceContext, UpgradeHandler } from '@genai-platform/common';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { faultOf } from './fault.ts';

const TICKS = 24;
const TICK_MS = 500;
/** RFC 6455's registry: the service restarts, come back at once. */
const SERVICE_RESTART = 1012;

/**
 * Takes the place of format-conversion in the tests of rollouts: it answers at once, holds streams and sockets open,
 * and fails as the variable ECHO_FAULT says.
 */
const fault = faultOf(process.env['ECHO_FAULT']);
const command = process.argv[2] ?? 'serve';
if ((fault === 'migration' && command === 'migrate') || (fault === 'crash' && command === 'serve')) {
  process.stderr.write(`this version was made to fail: ${fault}\n`);
  process.exit(3);
}

await runService({
  name: 'format-conversion',
  config: ServiceConfig,
  createDeps: (_config, context: ServiceContext) => context,
  createApp: (context) =>
    createService({
      context,
      routes: [echoRoutes()],
      ready: { fault: () => (fault === 'unready' ? Promise.reject(new Error('made to fail')) : Promise.resolve()) },
    }),
  upgrade: echoSockets,
});

function echoRoutes(): Route[] {
  return routes(
    post(
      '/v1/convert',
      {
        summary: 'Echo',
        body: z.object({ text: z.string() }).loose(),
        reply: z.object({ text: z.string() }),
        idempotencyKey: 'none',
      },
      ({ body }) => Promise.resolve({ text: `<h1>${body.text}</h1>` }),
    ),
    get('/v1/convert/ticks', { summary: 'A stream of twelve seconds', produces: ['text/event-stream'] }, () =>
      Promise.resolve(events(ticks)),
    ),
  );
}

async function* ticks(): AsyncGenerator<ServerSentEvent> {
  for (let id = 1; id <= TICKS; id += 1) {
    yield { id, event: 'tick', data: id };
    await sleep(TICK_MS);
  }
  yield { id: TICKS + 1, event: 'end', data: 'complete' };
}

function echoSockets({ lifecycle }: ServiceContext): UpgradeHandler {
  const acceptor = new WebSocketServer({ noServer: true });
  lifecycle.stopping.addEventListener('abort', () => {
    for (const client of acceptor.clients) client.close(SERVICE_RESTART, 'the service restarts');
  });
  return (request, socket, head) => {
    acceptor.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (data, binary) => client.send(data, { binary }));
    });
  };
}
