import { ConversionPool, PoolBusy, type PoolOptions } from '../../src/pool/conversion-pool.ts';
import type { Task } from '../../src/pool/task.ts';
import { TaskEnded } from '../../src/pool/worker-slot.ts';

/** The worker of these tests does what the input says, in place of a conversion. */
const program = new URL('../harness/scripted-worker.ts', import.meta.url);

let pool: ConversionPool;
const forever = new AbortController().signal;

const start = (options: Partial<PoolOptions> = {}): ConversionPool =>
  (pool = new ConversionPool(program, {
    workers: 1,
    maxQueue: 1,
    deadlineMs: 30_000,
    memoryBytes: 300_000_000,
    recycleAfter: 1_000,
    ...options,
  }));

const task = (script: string): Task => ({
  kind: 'detect',
  input: Buffer.from(script),
  hints: {},
  limits: {} as Task['limits'],
});
const answer = (script: string): Promise<unknown> => pool.run(task(script), forever);

afterEach(() => pool.close());

describe('the pool', () => {
  test('answers tasks, those that have to wait too', async () => {
    start({ maxQueue: 5 });
    expect(await Promise.all(['echo 1', 'echo 2', 'echo 3'].map(answer))).toEqual(['echo 1', 'echo 2', 'echo 3']);
  });

  test('refuses a task when too many wait, and says when to come back', async () => {
    start();
    const waiting = [answer('echo 1'), answer('echo 2')];
    const refused = answer('echo 3').catch((error: unknown) => error);
    expect(await refused).toBeInstanceOf(PoolBusy);
    expect(((await refused) as PoolBusy).retryAfterSeconds).toBeGreaterThanOrEqual(1);
    await Promise.all(waiting);
  });

  test('ends a task at its deadline, even one that never pauses', async () => {
    start({ deadlineMs: 300 });
    await expect(answer('spin')).rejects.toMatchObject({ ending: 'deadline' });
    expect(await answer('echo after')).toBe('echo after');
  });

  test('ends a task that fills the heap, and one that fills buffers', async () => {
    start();
    await expect(answer('heap')).rejects.toMatchObject({ ending: 'memory' });
    await expect(answer('buffers')).rejects.toMatchObject({ ending: 'memory' });
    expect(await answer('echo after')).toBe('echo after');
  });

  test('survives a worker that dies', async () => {
    start();
    await expect(answer('exit')).rejects.toMatchObject({ ending: 'crashed' });
    expect(await answer('echo after')).toBe('echo after');
  });

  test('ends the task whose caller has gone, running or waiting', async () => {
    start();
    const caller = new AbortController();
    const running = pool.run(task('spin'), caller.signal);
    const waiting = pool.run(task('echo'), caller.signal);
    caller.abort();
    await expect(running).rejects.toBeInstanceOf(TaskEnded);
    await expect(waiting).rejects.toBe(caller.signal.reason);
    expect(await answer('echo after')).toBe('echo after');
  });

  test('replaces a worker after its number of tasks', async () => {
    start({ recycleAfter: 2 });
    const workers = [];
    for (let index = 0; index < 5; index += 1) workers.push(await answer('process'));
    expect(new Set(workers).size).toBe(3);
  });

  test('lets running tasks end when it closes', async () => {
    start();
    const running = answer('sleep 300');
    await answer('echo').catch(() => undefined);
    await pool.close(5_000);
    expect(await running).toBe('slept');
  });
});
