/** A worker that does what the input of a task says: echoes, sleeps, spins, or takes memory without end. */
const kept: unknown[] = [];

const scripts: Readonly<Record<string, (argument: string) => unknown>> = {
  process: () => process.pid,
  sleep: async (argument) => {
    await new Promise((resolve) => setTimeout(resolve, Number(argument)));
    return 'slept';
  },
  spin: () => {
    for (;;) kept.length = 0;
  },
  heap: () => {
    for (;;) kept.push(new Array(10_000).fill(Math.random()));
  },
  buffers: async () => {
    for (;;) {
      kept.push(Buffer.alloc(50_000_000, 1));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
  exit: () => process.exit(3),
};

process.on('message', ({ input }: { input: Uint8Array }) => {
  const script = Buffer.from(input).toString();
  const [name = '', argument = ''] = script.split(' ');
  void Promise.resolve(scripts[name]?.(argument) ?? script).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit());
