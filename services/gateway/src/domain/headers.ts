import type { IncomingHttpHeaders } from 'node:http';

/** Headers that are about one connection (RFC 9110 section 7.6.1) and never pass a proxy. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers by which a client could pretend to be somebody, or that the gateway has dealt with. */
const NOT_PASSED_ON = new Set([
  'authorization',
  'expect',
  'forwarded',
  'host',
  'traceparent',
  'tracestate',
  'x-api-key',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'x-request-id',
]);

/** What the gateway says about a request to the service. */
export interface Vouching {
  /** Identity token for this service; absent for a request of nobody. */
  readonly token: string | undefined;
  readonly requestId: string;
  readonly clientAddress: string;
  readonly protocol: 'http' | 'https';
  /** `traceparent` and `tracestate`. */
  readonly trace: Readonly<Record<string, string>>;
}

type Headers = Record<string, string | string[]>;

/** The headers of the request to the service: the client's own, with what the gateway vouches for in their place. */
export function upstreamHeaders(client: IncomingHttpHeaders, vouching: Vouching): Headers {
  const headers = withoutHopByHop(client);
  for (const name of NOT_PASSED_ON) delete headers[name];
  const { token, requestId, clientAddress, protocol, trace } = vouching;
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  if (client.host !== undefined) headers['x-forwarded-host'] = client.host;
  headers['x-forwarded-for'] = clientAddress;
  headers['x-forwarded-proto'] = protocol;
  headers['x-request-id'] = requestId;
  // A request with a body of unknown length stays one; without this line it would have neither length nor coding.
  if (client['transfer-encoding'] !== undefined) headers['transfer-encoding'] = 'chunked';
  return Object.assign(headers, trace);
}

/** The headers of the service's reply that go to the client. */
export function clientHeaders(upstream: IncomingHttpHeaders): Headers {
  return withoutHopByHop(upstream);
}

/** Without the headers of the connection, and without those that its `Connection` header names. */
function withoutHopByHop(headers: IncomingHttpHeaders): Headers {
  const named = headers.connection?.toLowerCase().split(',') ?? [];
  const dropped = new Set(named.map((name) => name.trim()));
  const kept: Headers = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name) && !dropped.has(name)) kept[name] = value;
  }
  return kept;
}
