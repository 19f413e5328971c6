import type { Programs } from '@genai-platform/common/testing';
import { exec } from '../machine/exec.ts';

/** Runs a program to its end in its own root file system, as its own user where this process is root. */
export async function runProgram(programs: Programs, command: readonly string[], input = ''): Promise<string> {
  const user = ['--reuid', String(programs.uid), '--regid', String(programs.gid), '--clear-groups'];
  const asUser = process.getuid?.() === 0 ? ['setpriv', ...user, ...command] : command;
  const [program = '', ...args] = programs.root === '/' ? asUser : ['chroot', programs.root, ...asUser];
  return exec(program, args, { input, env: { LC_ALL: 'C.UTF-8' } });
}
