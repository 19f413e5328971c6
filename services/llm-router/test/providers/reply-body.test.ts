import { ReplyBody, readText } from '../../src/providers/http/reply-body.ts';

function bodyWithLog(): { body: ReplyBody; told: string[] } {
  const told: string[] = [];
  const body = new ReplyBody({
    pause: () => told.push('pause'),
    resume: () => told.push('resume'),
    abort: ({ message }) => told.push(message),
  });
  return { body, told };
}

test('all that has come is taken at once, and a reader waits for what comes next', async () => {
  const { body, told } = bodyWithLog();
  body.push(Buffer.from('one '));
  body.push(Buffer.from('two '));
  expect(String(await body.next())).toBe('one two ');
  const next = body.next();
  body.push(Buffer.from('three'));
  expect(String(await next)).toBe('three');
  const end = body.next();
  body.end();
  expect(await end).toBeUndefined();
  body.cancel();
  expect(told).toEqual([]);
});

test('a sender that is faster than its reader is held back until what waits has been taken', async () => {
  const { body, told } = bodyWithLog();
  for (let count = 0; count < 3; count += 1) body.push(Buffer.alloc(40_000));
  expect(told).toEqual(['pause']);
  expect(await body.next()).toHaveLength(120_000);
  expect(told).toEqual(['pause', 'resume']);
});

test('a reply that breaks off is an error, and one that is too large is ended', async () => {
  const broken = bodyWithLog().body;
  broken.push(Buffer.from('{"cho'));
  broken.end(Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }));
  await expect(readText({ body: broken }, 100)).rejects.toMatchObject({ kind: 'connection' });
  const { body, told } = bodyWithLog();
  body.push(Buffer.alloc(101));
  await expect(readText({ body }, 100)).rejects.toMatchObject({ kind: 'too-large' });
  expect(told).toEqual(['nobody reads on']);
});
