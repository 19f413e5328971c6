import { createLogger } from '../src/logger.ts';

function logged(options: { pii?: boolean }, write: (log: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  write(
    createLogger({ service: 'search', version: '1.2.3', ...options, destination: { write: (line) => (text += line) } }),
  );
  return text;
}

test('writes one JSON object a line: level, ISO time, service, version, message, fields', () => {
  const line = JSON.parse(logged({}, (log) => log.info({ rows: 3 }, 'query answered'))) as Record<string, unknown>;
  expect(line).toMatchObject({
    level: 'info',
    service: 'search',
    version: '1.2.3',
    message: 'query answered',
    rows: 3,
  });
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
});

test.each([
  ['authorization header', { headers: { Authorization: 'Bearer s3cret-s3cret' } }],
  ['cookies', { headers: { 'set-cookie': ['sid=s3cret'], Cookie: 'sid=s3cret' } }],
  ['password deep inside', { a: { b: [{ db_password: 'x', password: 's3cret' }] } }],
  ['api key', { apiKey: 's3cret', 'x-api-key': 's3cret' }],
  ['a connection string in text', { url: 'postgres://search:s3cret@db:5432/genai' }],
  ['a bearer token in text', { note: 'sent Bearer s3cret-s3cret-s3cret' }],
  ['a platform key in text', { note: 'key gp_s3crets3crets3crets3cret used' }],
])('masks %s', (_, fields) => {
  const text = logged({}, (log) => log.info(fields, 'something happened'));
  expect(text).toContain('[redacted]');
  expect(text).not.toContain('s3cret');
});

test('masks secrets in bindings, in the message, and in an error, its properties and its cause', () => {
  const cause = Object.assign(new Error('postgres://u:s3cret@h/d refused'), { password: 's3cret' });
  const text = logged({}, (log) =>
    log
      .child({ a: 1 })
      .child({ token: 's3cret' })
      .error({ error: new Error('Bearer s3cret-s3cret', { cause }) }, 'Basic s3crets3cret'),
  );
  expect(text).not.toContain('s3cret');
  expect(text).toContain('"a":1');
  expect(text).toContain('refused');
  expect(text).toContain('"stack"');
});

test('keeps numbers under names that sound secret', () => {
  expect(logged({}, (log) => log.info({ token: 512, tokens: 7 }, 'counted'))).toContain('"token":512,"tokens":7');
});

test('keeps personal data out, unless enabled', () => {
  const write = (log: ReturnType<typeof createLogger>): void => log.info({ pii: { subject: 'ada' } }, 'asked');
  expect(logged({}, write)).not.toContain('ada');
  expect(logged({ pii: true }, write)).toContain('ada');
});

test('survives loops and huge lists', () => {
  const loop: Record<string, unknown> = { list: Array.from({ length: 10_000 }, (_, i) => i) };
  loop.self = loop;
  expect(logged({}, (log) => log.info(loop, 'looped')).length).toBeLessThan(20_000);
});
