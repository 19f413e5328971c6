import { once } from 'node:events';
import { verifyIdentityToken } from '@genai-platform/common';
import { WebSocket, WebSocketServer } from 'ws';
import { startGateway } from './harness/start-gateway.ts';
import type { TestGateway } from './harness/start-gateway.ts';
import { startUpstream } from './harness/upstream-service.ts';
import type { UpstreamService } from './harness/upstream-service.ts';

let upstream: UpstreamService;
let sockets: WebSocketServer;
let gateway: TestGateway;
let tokenSeen = '';

beforeEach(async () => {
  upstream = await startUpstream((_req, res) => res.writeHead(404).end());
  sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'chat.v2' });
  upstream.server.on('upgrade', (req, socket, head) => {
    if (req.url === '/v1/talk/refused') {
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    tokenSeen = req.headers.authorization?.replace('Bearer ', '') ?? '';
    sockets.handleUpgrade(req, socket, head, (client) => {
      client.send('welcome');
      client.on('message', (data: Buffer, binary) => {
        if (data.toString() === 'bye') client.close(4001, 'as you wish');
        else client.send(data, { binary });
      });
    });
  });
  gateway = await startGateway({ talk: upstream.url });
});

afterEach(async () => {
  for (const client of sockets.clients) client.terminate();
  await gateway.close();
  await upstream.close();
});

const open = (
  path: string,
  headers: Record<string, string> = { authorization: `Bearer ${gateway.apiKey}` },
): WebSocket => new WebSocket(gateway.url.replace('http', 'ws') + path, ['chat.v1', 'chat.v2'], { headers });

const nextMessage = async (socket: WebSocket): Promise<string> => {
  const [data] = (await once(socket, 'message')) as [Buffer];
  return data.toString();
};

test('carries messages both ways, with the subprotocol that the service chose and the identity of the client', async () => {
  const socket = open('/v1/talk');
  expect(await nextMessage(socket)).toBe('welcome');
  expect(socket.protocol).toBe('chat.v2');
  socket.send('hello');
  expect(await nextMessage(socket)).toBe('hello');
  const { identity } = await verifyIdentityToken(gateway.identityKey, 'talk', tokenSeen);
  expect(identity.subject).toBe('admin');
  socket.terminate();
});

test('passes the close on with its code and reason', async () => {
  const socket = open('/v1/talk');
  await nextMessage(socket);
  socket.send('bye');
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  expect([code, reason.toString()]).toEqual([4001, 'as you wish']);
});

test('closes with 1012, come back at once, when the gateway stops', async () => {
  const socket = open('/v1/talk');
  await nextMessage(socket);
  const drained = gateway.drain();
  const [code] = (await once(socket, 'close')) as [number];
  expect(code).toBe(1012);
  await drained;
});

test.each([
  ['without a credential', '/v1/talk', {}, 401],
  ['where no service is', '/v1/nowhere', undefined, 404],
  ['where the service refuses', '/v1/talk/refused', undefined, 403],
])('answers an upgrade %s with its status', async (_what, path, headers, status) => {
  const socket = open(path, headers);
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  expect(response.statusCode).toBe(status);
});

test('keeps a large message whole', async () => {
  const socket = open('/v1/talk');
  await nextMessage(socket);
  const large = 'x'.repeat(4_000_000);
  socket.send(large);
  expect((await nextMessage(socket)).length).toBe(large.length);
  socket.terminate();
});
