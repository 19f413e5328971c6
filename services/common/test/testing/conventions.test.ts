import { CONVENTIONS } from '../../src/testing/conventions.ts';
import { createTestContext, startService } from '../../src/testing/index.ts';

/** Answers everything with 200, as a service without any convention would. */
async function sloppy(): Promise<Parameters<(typeof CONVENTIONS)[string]>[0]> {
  const context = createTestContext({ name: 'notes' });
  const start = () => startService((_req, res) => void res.end('{"status":"fine"}'), context);
  const service = await start();
  const operation = {
    method: 'POST',
    path: '/v1/notes',
    scopes: ['notes:write'],
    isPublic: false,
    bodyTypes: ['application/json'],
    maxBodyBytes: 100,
    errorFormat: 'problem' as const,
    summary: '',
    operationId: '',
  };
  return {
    name: 'notes',
    options: { start },
    service,
    document: { paths: {} },
    operations: [operation],
    expect: expect as never,
  };
}

test.each(Object.keys(CONVENTIONS))('a service that does not keep it fails: %s', async (sentence) => {
  const subject = await sloppy();
  try {
    await expect(CONVENTIONS[sentence]?.(subject)).rejects.toThrow();
  } finally {
    await subject.service.close();
  }
});

test('there is something to check', () => {
  expect(Object.keys(CONVENTIONS).length).toBeGreaterThanOrEqual(10);
});
