import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describeCheckout } from '../machine/checkout.ts';

/** Runs a client of the cluster with this process's arguments, terminal and, as far as it says, exit code. */
export async function runTool(program: string): Promise<void> {
  const { kubeconfig } = describeCheckout();
  const own = process.env['KUBECONFIG'] === undefined && existsSync(kubeconfig) ? { KUBECONFIG: kubeconfig } : {};
  const child = spawn(program, process.argv.slice(2), { stdio: 'inherit', env: { ...process.env, ...own } });
  // Ctrl-C goes to the whole group: the tool decides what it means (`logs -f`, `exec -it`).
  process.on('SIGINT', () => undefined);
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}
