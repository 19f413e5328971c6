import { startGateway } from './harness/start-gateway.ts';

test('counts in the cache, within the rights that the platform gives it there', async () => {
  const gateway = await startGateway({}, { GATEWAY_RATE_LIMIT_PER_SECOND: '0.1', GATEWAY_RATE_LIMIT_BURST: '9' });
  try {
    const replies = [await gateway.fetch('/v1/services'), await gateway.fetch('/v1/services')];
    expect(replies.map(({ headers }) => headers.get('ratelimit'))).toEqual(['"key";r=8;t=10', '"key";r=7;t=20']);
    const metrics = await (await gateway.fetch('/metrics')).text();
    expect(metrics).toContain('genai_gateway_rate_limit_local_total 0');
  } finally {
    await gateway.close();
  }
});
