import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutRoot } from '../../hack/machine/checkout.ts';

const node = join(checkoutRoot, 'node_modules/.bin/node');

test('leaves no process and no file behind when its owner is killed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'genai-crash-'));
  const script = join(directory, 'owner.ts');
  const harness = join(import.meta.dirname, 'control-plane.ts');
  await writeFile(
    script,
    `import { startControlPlane } from ${JSON.stringify(harness)};
     const plane = await startControlPlane({ controllers: false });
     console.log(plane.directory);
     setInterval(() => undefined, 1000);`,
  );
  const owner = spawn(node, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const home = line.toString('utf8').trim();
  expect(existsSync(home)).toBe(true);
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  await until(() => !existsSync(home));
  await rm(directory, { recursive: true });
});

async function until(holds: () => boolean): Promise<void> {
  for (let left = 100; left > 0 && !holds(); left -= 1) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(holds()).toBe(true);
}
