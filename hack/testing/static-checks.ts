import { join } from 'node:path';
import { checkoutRoot } from '../machine/checkout.ts';
import { exec } from '../machine/exec.ts';
import type { Step, StepContext } from '../progress/steps.ts';

const bin = (name: string): string => join(checkoutRoot, 'node_modules/.bin', name);

function run(command: string, args: readonly string[]): (context: StepContext) => Promise<void> {
  return async ({ log, signal }) => {
    const path = `${join(checkoutRoot, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
    await exec(command, args, { cwd: checkoutRoot, log, signal, env: { PATH: path } });
  };
}

const buildSources = run(bin('tsc'), ['-b']);
const checkTests = run(bin('tsc'), ['-p', 'tsconfig.test.json']);

async function checkTypes(context: StepContext): Promise<void> {
  await buildSources(context);
  await checkTests(context);
}

/** What can be said of the sources without running them. One after the other: each uses a whole core. */
export const staticChecks: readonly Step[] = [
  { name: 'generated files', run: run(join(checkoutRoot, 'hack/run'), ['hack/generate/main.ts', '--check']) },
  { name: 'format', needs: ['generated files'], run: run(bin('prettier'), ['--check', '.']) },
  { name: 'types', needs: ['format'], run: checkTypes },
  { name: 'lint', needs: ['types'], run: run(bin('eslint'), ['.']) },
];
