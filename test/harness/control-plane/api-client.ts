import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { ClientCertificate } from './certificates.ts';

/** The API server said no. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A body and how it is to be understood; a plain object is sent as JSON. */
export interface RequestBody {
  readonly contentType: string;
  readonly text: string;
}

/** Speaks JSON with one API server. */
export interface ApiClient {
  request<T = unknown>(method: string, path: string, body?: object | RequestBody): Promise<T>;
}

/** A client with one keep-alive pool. It is for tests: no retry but of a read that met a closing connection, a deadline of 30 s. */
export function createApiClient(url: string, caPem: string, client: ClientCertificate): ApiClient {
  const agent = new Agent({ keepAlive: true, ca: caPem, cert: client.certPem, key: client.keyPem });
  return {
    request: async <T>(method: string, path: string, body?: object | RequestBody): Promise<T> => {
      const sent = body === undefined ? undefined : encode(body);
      const headers = { accept: 'application/json', ...(sent && { 'content-type': sent.contentType }) };
      const { status, text } = await send(new URL(path, url), { agent, method, headers, timeout: 30_000 }, sent?.text);
      if (status >= 300) throw new ApiError(status, `${method} ${path}: ${String(status)} ${messageOf(text)}`);
      return (isJson(text) ? JSON.parse(text) : text) as T;
    },
  };
}

function encode(body: object | RequestBody): RequestBody {
  if ('contentType' in body && 'text' in body) return body;
  return { contentType: 'application/json', text: JSON.stringify(body) };
}

function send(url: URL, options: RequestOptions, body?: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error(`${url.href} did not answer within its deadline`)));
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      // The server may close a connection in the moment in which it is used again.
      const isRace = outgoing.reusedSocket && error.code === 'ECONNRESET' && options.method === 'GET';
      if (isRace) resolve(send(url, options, body));
      else reject(error);
    });
    outgoing.end(body);
  });
}

function isJson(text: string): boolean {
  return text.startsWith('{') || text.startsWith('[');
}

function messageOf(text: string): string {
  if (!isJson(text)) return text.trim();
  return (JSON.parse(text) as { message?: string }).message ?? text;
}
