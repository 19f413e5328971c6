import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { cluster } from './cluster.ts';
import type { Tally } from './tally.ts';

const MESSAGE_EVERY_MS = 500;
const ANSWER_WITHIN_MS = 10_000;
const SERVICE_RESTART = 1012;

/**
 * A user who keeps a socket open and talks over it. One that is asked to come back (1012) does so at once, and must get
 * in; any other end, and any silence, has failed.
 */
export async function keepSocket(tally: Tally, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const code = await talk(tally, stop).catch(async (error: unknown) => {
      tally.count('sockets', `could not connect: ${String(error)}`);
      await sleep(1_000);
      return undefined;
    });
    if (stop.aborted || code === undefined) continue;
    if (code === SERVICE_RESTART) tally.askedBack();
    else tally.count('sockets', `closed by ${String(code)}`);
  }
}

/** @returns the code that the other side closed with. @throws when there was no connection. */
async function talk(tally: Tally, stop: AbortSignal): Promise<number> {
  const url = `${cluster.gatewayUrl.replace(/^http/, 'ws')}/v1/convert/socket`;
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${cluster.apiKey}` } });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => undefined); // 'close' follows, with the code
  await converse({ socket, closed, tally, stop });
  return closed;
}

interface Conversation {
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  readonly tally: Tally;
  readonly stop: AbortSignal;
}

async function converse({ socket, closed, tally, stop }: Conversation): Promise<void> {
  const gone = closed.then(() => 'closed' as const);
  for (let number = 0; socket.readyState === WebSocket.OPEN; number += 1) {
    if (stop.aborted) return socket.close(1000);
    const answer = new Promise<'answered'>((resolve) => socket.once('message', () => resolve('answered')));
    socket.send(String(number));
    const outcome = await Promise.race([answer, gone, sleep(ANSWER_WITHIN_MS, 'silent' as const)]);
    if (outcome === 'answered') tally.count('sockets');
    if (outcome === 'silent') tally.count('sockets', 'no answer');
    await Promise.race([gone, sleep(MESSAGE_EVERY_MS)]);
  }
}
