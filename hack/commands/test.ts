import { parseArgs } from 'node:util';
import { ensureBrowser } from '../browser/browser.ts';
import { ensureDatabases } from '../databases/databases.ts';
import { ensureModels } from '../models/models.ts';
import { ensureKubernetesBinary } from '../kind/kubernetes-binary.ts';
import { describeCheckout } from '../machine/checkout.ts';
import { runCommand } from '../progress/command.ts';
import { interruption } from '../progress/interrupt.ts';
import { runSteps, type Step } from '../progress/steps.ts';
import { runEndToEnd } from '../testing/end-to-end.ts';
import { runJest, type TestCounts } from '../testing/jest-run.ts';
import { staticChecks } from '../testing/static-checks.ts';

const usage = `Usage: hack/test [--without-cluster]

Runs everything: generated files, format, types, lint, all tests (with a real control plane, PostgreSQL, Valkey and
Chromium, which it sets up), and the end-to-end tests on a kind cluster that it brings up and takes down.
  --without-cluster   leaves the end-to-end tests out`;

await runCommand(async () => {
  const { values } = parseArgs({
    options: { 'without-cluster': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    console.log(usage);
    return;
  }
  const started = performance.now();
  const signal = interruption();
  const counts = [await runWithoutCluster(signal)];
  if (values['without-cluster'] !== true) counts.push(await runEndToEnd(signal));
  const sum = (key: keyof TestCounts): string => String(counts.reduce((total, count) => total + count[key], 0));
  console.log(`\nAll checks passed in ${((performance.now() - started) / 1_000).toFixed(0)} s.`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
});

async function runWithoutCluster(signal: AbortSignal): Promise<TestCounts> {
  let counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  const steps: Step[] = [
    ...staticChecks,
    {
      name: 'databases',
      run: async ({ say }) => {
        await ensureDatabases(say);
      },
    },
    {
      name: 'models',
      run: async ({ say, log, signal }) => {
        await ensureModels({ say, log, signal });
      },
    },
    { name: 'browser', run: ensureBrowser },
    {
      name: 'kubernetes',
      run: async (context) => {
        await ensureKubernetesBinary(context);
      },
    },
    {
      name: 'tests',
      needs: ['lint', 'databases', 'models', 'browser', 'kubernetes'],
      run: async (context) => {
        counts = await runJest([], context);
      },
    },
  ];
  await runSteps(steps, { logs: describeCheckout().logsDir, signal });
  return counts;
}
