import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkoutRoot } from '../machine/checkout.ts';
import { sourceFlags } from '../machine/source-flags.ts';
import type { LocalProgram } from './local-program.ts';
import type { LineWriter } from './log-lines.ts';

/** How a program ended: its exit code, or the signal that ended it. */
export type Ending = number | NodeJS.Signals;

/** A program that runs from its source. */
export interface SourceProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
}

/** What a program takes from the developer's own environment. */
const passedOn = ['PATH', 'HOME', 'LANG', 'TZ', 'LOG_LEVEL', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];

/** Starts a program from its TypeScript source; it ends together with this process. */
export function startFromSource({ workspace, args, env }: LocalProgram, write: LineWriter): SourceProcess {
  const own = Object.fromEntries(passedOn.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  const main = join(checkoutRoot, workspace, 'src/main.ts');
  const node = [process.execPath, ...sourceFlags, main, ...args];
  const [command = '', ...rest] = process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'TERM', ...node] : node;
  const child = spawn(command, rest, {
    cwd: join(checkoutRoot, workspace),
    // Nobody has to notice first that it is going.
    env: { ...own, ...env, SHUTDOWN_DRAIN_DELAY_SECONDS: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C reaches this process alone, which ends the others in order.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', write);
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (error) => {
      write(error.message);
      resolve(1);
    });
    child.once('close', (code, signal) => {
      resolve(signal ?? code ?? 1);
    });
  });
  return { child, ended };
}

/** Runs a program to its end; throws when that is not a good one. */
export async function runFromSource(program: LocalProgram, write: LineWriter): Promise<void> {
  const ending = await startFromSource(program, write).ended;
  if (ending !== 0) throw new Error(`${program.name} ended with ${String(ending)}; what it said is above`);
}
