import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { buildConnector } from 'undici';
import type { TlsSettings } from './cluster.ts';

const connectTimeoutMs = 10_000;
// Shorter than the 60 s after which load balancers in front of API servers drop silent connections.
const keepAliveMs = 15_000;

/**
 * Opens connections for undici's pools, with two properties that undici's own connector lacks.
 *
 * TLS files are read for every connection, so that a rotated CA or client certificate takes effect without a restart.
 *
 * A destroyed connection is reset (RST), never closed (FIN). After a close the kernel goes on delivering what it has
 * buffered: through a partition that heals after another process took the lease, that would be a second writer.
 */
export function createConnector(tls: () => TlsSettings): buildConnector.connector {
  return (options, callback) => {
    const host = options.hostname.replace(/^\[(.*)\]$/, '$1');
    const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
    const raw = connectTcp({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs });
    const secure = options.protocol === 'https:';
    const socket = secure ? wrapTls(raw, host, tls()) : raw;
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection to ${host}:${port} in time`)),
      connectTimeoutMs,
    );
    const onError = (error: Error): void => {
      clearTimeout(timer);
      raw.destroy();
      callback(error, null);
    };
    socket.once('error', onError);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      socket.removeListener('error', onError);
      resetOnDestroy(raw);
      callback(null, socket);
    });
  };
}

function wrapTls(raw: Socket, host: string, settings: TlsSettings): Socket {
  const { servername, ...rest } = settings;
  // HTTP/1.1 only: one watch per connection keeps a stalled one from holding up the others' flow control.
  return connectTls({
    socket: raw,
    host,
    servername: servername ?? serverNameOf(host),
    ALPNProtocols: ['http/1.1'],
    ...rest,
  });
}

/** SNI must not be an address (RFC 6066, section 3); certificates are then checked by their IP SAN. */
function serverNameOf(host: string): string {
  return /^[\d.]+$/.test(host) || host.includes(':') ? '' : host;
}

/**
 * Makes every end of the connection a reset. On the TCP socket, and only when Node destroys it, which it does after the
 * TLS socket on top: resetting it beforehand frees the TLS state while OpenSSL may be on the stack, and crashes Node 24.
 */
function resetOnDestroy(raw: Socket): void {
  const destroy = raw.destroy.bind(raw);
  raw.destroy = (): Socket => {
    raw.destroy = destroy;
    return raw.resetAndDestroy();
  };
}
