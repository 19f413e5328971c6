import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AdvisedError } from '../machine/advice.ts';
import { checkoutRoot } from '../machine/checkout.ts';
import { CommandError, exec } from '../machine/exec.ts';
import type { StepContext } from '../progress/steps.ts';

/** How many tests did what. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly { readonly name: string; readonly status: string; readonly message: string }[];
}

const deadlineMs = 40 * 60_000;
const shownFailures = 5;
const shownLines = 40;

/** Runs jest, says which file it has done, and counts. Throws with what failed and how when anything did. */
export async function runJest(
  args: readonly string[],
  { say, log, signal }: StepContext,
  env: Record<string, string> = {},
): Promise<TestCounts> {
  const results = `${log}.json`;
  const jest = join(checkoutRoot, 'node_modules/jest/bin/jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const onLine = (line: string): void => {
    const file = /^(?:PASS|FAIL) (\S+)/.exec(line)?.[1];
    if (file !== undefined) say(file);
  };
  try {
    const command = [...flags, jest, '--ci', '--forceExit', '--json', `--outputFile=${results}`, ...args];
    await exec(process.execPath, command, { cwd: checkoutRoot, log, signal, onLine, env, deadlineMs });
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === 1) throw failure(readResults(results), log);
    throw error;
  }
  return countsOf(readResults(results));
}

function readResults(file: string): JestResult {
  return JSON.parse(readFileSync(file, 'utf8')) as JestResult;
}

function countsOf({ numPassedTests, numFailedTests, numPendingTests }: JestResult): TestCounts {
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
}

function failure(result: JestResult, log: string): AdvisedError {
  const failed = result.testResults.filter(({ status }) => status === 'failed');
  const shown = failed
    .slice(0, shownFailures)
    .map(({ name, message }) => `${name}\n${message.split('\n').slice(0, shownLines).join('\n')}`);
  const first = failed[0]?.name.slice(checkoutRoot.length + 1) ?? '';
  return new AdvisedError(
    `${String(result.numFailedTests)} tests in ${String(failed.length)} files failed\n\n${shown.join('\n')}`,
    `npm test -- ${first}   (everything that was printed: ${log})`,
  );
}
