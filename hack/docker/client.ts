import { AdvisedError } from '../machine/advice.ts';
import { CommandError, exec, succeeds, type ExecOptions } from '../machine/exec.ts';

/** Runs the Docker client and returns what it wrote. */
export function docker(args: readonly string[], options: ExecOptions = {}): Promise<string> {
  return exec('docker', args, options);
}

/**
 * Whether a Docker engine answers. A client may be installed without an engine, and a socket may be left from one that
 * is gone, so this asks the engine itself.
 */
export async function engineAnswers(): Promise<boolean> {
  return succeeds('docker', ['info', '--format', '{{.ServerVersion}}']);
}

/** Throws unless this user may use a running engine; says whether one is there that the user may not. */
export async function assertPermitted(): Promise<void> {
  const denied = (error: unknown): boolean => error instanceof CommandError && /permission denied/i.test(error.tail);
  const refused = await docker(['info'], { deadlineMs: 15_000 }).then(() => false, denied);
  if (!refused) return;
  throw new AdvisedError(
    'a Docker engine is running, but this user may not use it',
    'Run the command as root, or add the user to the group: sudo usermod -aG docker "$USER", then log in again.',
  );
}

/** Whether the engine has an image of this name. */
export async function hasImage(name: string): Promise<boolean> {
  return succeeds('docker', ['image', 'inspect', name]);
}
