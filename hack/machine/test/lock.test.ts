import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkoutRoot } from '../checkout.ts';
import { withLock } from '../lock.ts';

const name = (): string => `test-${String(process.pid)}-${String(Math.random())}`;

test('lets one in at a time, and everyone in the end', async () => {
  const lock = name();
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await sleep(5);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 8 }, () => withLock(lock, work)));
  expect(most).toBe(1);
});

test('is free again when its holder fails', async () => {
  const lock = name();
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(withLock(lock, () => Promise.resolve('yes'))).resolves.toBe('yes');
});

test('says whom it waits for, and is free as soon as that process is killed', async () => {
  const lock = name();
  const script = `import { withLock } from ${JSON.stringify(join(checkoutRoot, 'hack/machine/lock.ts'))};
    await withLock(${JSON.stringify(lock)}, async () => { console.log('in'); await new Promise((r) => setTimeout(r, 60_000)); });`;
  const node = join(checkoutRoot, 'node_modules/.bin/node');
  const holder = spawn(node, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  let waitedFor = '';
  const waiting = withLock(
    lock,
    () => Promise.resolve('mine'),
    (pid) => {
      waitedFor = pid;
      holder.kill('SIGKILL');
    },
  );
  await expect(waiting).resolves.toBe('mine');
  expect(waitedFor).not.toBe('');
});
