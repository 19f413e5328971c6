import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';

const MAX_SOCKETS_PER_SERVICE = 1_024;
/**
 * A service that stops says so in its replies for the drain delay (5 s) and then closes what is idle. A connection that
 * was idle for less has had that reply; an older one could be closed just when a request is on its way.
 */
const LONGEST_IDLE_MS = 4_000;

/** Keep-alive connections to services, none of which is used again after it was idle for too long. */
export class ServiceConnections extends Agent {
  readonly #idleSince = new WeakMap<Duplex, number>();
  readonly #now: () => number;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(now: () => number = () => performance.now()) {
    super({ keepAlive: true, maxSockets: MAX_SOCKETS_PER_SERVICE, scheduling: 'lifo', timeout: LONGEST_IDLE_MS });
    this.#now = now;
  }

  override keepSocketAlive(socket: Duplex): void {
    this.#idleSince.set(socket, this.#now());
    // Says whether the socket is kept, though it is declared to say nothing.
    return super.keepSocketAlive(socket);
  }

  /** Ends what is idle for too long. Its timer ends it too, but late in a process that is starved of its processor. */
  dropStale(): void {
    const oldest = this.#now() - LONGEST_IDLE_MS;
    for (const sockets of Object.values(this.freeSockets)) {
      for (const socket of sockets ?? []) {
        if ((this.#idleSince.get(socket) ?? oldest) <= oldest) socket.destroy();
      }
    }
  }
}
