import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:tls';
import { locateDatabasePrograms } from '@genai-platform/common/testing';
import { startGateway } from './harness/start-gateway.ts';
import type { TestGateway } from './harness/start-gateway.ts';
import { startUpstream } from './harness/upstream-service.ts';
import type { UpstreamService } from './harness/upstream-service.ts';

// A certificate for 127.0.0.1 that the tests' servers share.
const { caFile, certFile, keyFile } = locateDatabasePrograms().tls;
const ca = readFileSync(caFile);

let upstream: UpstreamService;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await startUpstream((req, res) => res.end(req.headers['x-forwarded-proto']));
  gateway = await startGateway(
    { echo: upstream.url },
    { GATEWAY_TLS_CERT_FILE: certFile, GATEWAY_TLS_KEY_FILE: keyFile },
  );
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

test('speaks TLS itself where it has a certificate, and tells services so', async () => {
  const text = await new Promise<string>((resolve, reject) => {
    const headers = { authorization: `Bearer ${gateway.apiKey}` };
    request(`${gateway.url}/v1/echo`, { ca, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString())).once('end', () => resolve(body));
    })
      .once('error', reject)
      .end();
  });
  expect(text).toBe('https');
});

test('refuses TLS 1.1', async () => {
  const options = { port: gateway.port, host: '127.0.0.1', ca, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' } as const;
  const refused = new Promise((_resolve, reject) => connect(options).once('error', reject));
  await expect(refused).rejects.toThrow();
});

test('wants both files or none', async () => {
  await expect(startGateway({}, { GATEWAY_TLS_CERT_FILE: certFile })).rejects.toThrow(/GATEWAY_TLS_KEY_FILE/);
});
