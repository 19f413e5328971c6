import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { ServiceConnections } from '@genai-platform/gateway';
import { cluster } from './cluster.ts';

/** Keeps connections like a proxy: none is used that was idle for as long as a stopping gateway goes on answering. */
const agent = new ServiceConnections();
const DEADLINE_MS = 30_000;

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One request to the platform's gateway with the bootstrap key. @throws what the connection fails with */
export async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${cluster.apiKey}`,
    ...(body && { 'content-type': 'application/json' }),
  };
  const signal = AbortSignal.timeout(DEADLINE_MS);
  agent.dropStale();
  return new Promise((resolve, reject) => {
    const outgoing = request(`${cluster.gatewayUrl}${path}`, { agent, method, headers, signal });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      text(response).then((all) => resolve({ status: response.statusCode ?? 0, body: all }), reject);
    });
    outgoing.end(body && JSON.stringify(body));
  });
}
