import { AdvisedError } from '../machine/advice.ts';

/** Runs a command of this folder: its failure is words on standard error and exit code 1, never a stack. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const advice = error instanceof AdvisedError ? `\n  To do:   ${error.advice}` : '';
    console.error(`\n${message}${advice}`);
    process.exitCode = 1;
  }
}
