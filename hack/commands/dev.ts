import { once } from 'node:events';
import { parseArgs } from 'node:util';
import type { DatabasePrograms } from '@genai-platform/common/testing';
import { ensureDatabases } from '../databases/databases.ts';
import { Development } from '../development/development.ts';
import { startLocalPlatform } from '../development/local-platform.ts';
import { lineWriters } from '../development/log-lines.ts';
import { developmentPlatform, serviceNames } from '../development/platform.ts';
import { summary } from '../development/summary.ts';
import { AdvisedError } from '../machine/advice.ts';
import { describeCheckout, statePath } from '../machine/checkout.ts';
import { withLock } from '../machine/lock.ts';
import { ensureModels } from '../models/models.ts';
import { runCommand } from '../progress/command.ts';
import { formatDuration } from '../progress/duration.ts';
import { interruption } from '../progress/interrupt.ts';

const usage = `Usage: hack/dev [SERVICE ...]

Runs the platform without a cluster: its services as plain processes with their rendered environment, a real
PostgreSQL and Valkey beside them, each service started again when its source changes. Ctrl-C ends it; data stay.
  SERVICE   ${serviceNames.join(', ')} (all, when none is named); the gateway is always there`;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    console.log(usage);
    return;
  }
  const checkout = describeCheckout();
  const onWait = (pid: string): void => {
    console.error(`Waiting for process ${pid}: it runs hack/dev in this checkout already.`);
  };
  await withLock(`${checkout.root}/development`, () => develop(positionals, interruption()), onWait);
});

async function develop(names: readonly string[], signal: AbortSignal): Promise<void> {
  const started = performance.now();
  const platform = developmentPlatform(names);
  if (platform.spec.services?.llmRouter?.enabled !== false) await findModels();
  const directory = statePath(describeCheckout(), 'development', 'files');
  const local = await startLocalPlatform({ platform, programs: await findPrograms(), directory });
  const programs = [...local.jobs.flat(), ...local.workloads].map(({ name }) => name);
  const development = new Development(local, lineWriters(programs, process.stdout));
  try {
    const ready = await development.start(signal);
    if (!signal.aborted) {
      const seconds = (performance.now() - started) / 1000;
      console.log(`\nThe platform runs after ${formatDuration(seconds)}. Ctrl-C ends it.\n${summary(local, ready)}\n`);
      await once(signal, 'abort');
    }
  } finally {
    console.log('Stopping ...');
    await development.stop();
  }
}

/** Without its models the router says so, and everything else works. */
async function findModels(): Promise<void> {
  const say = (what: string): void => console.error(what);
  await ensureModels({ say, announce: say }).catch((error: unknown) => {
    console.error(`The embedded models are not here: ${error instanceof Error ? error.message : String(error)}`);
  });
}

/** Where real servers cannot be had, work on most services is possible all the same. */
async function findPrograms(): Promise<DatabasePrograms | undefined> {
  try {
    return await ensureDatabases();
  } catch (error) {
    if (!(error instanceof AdvisedError)) throw error;
    console.error(`${error.message}: PGlite stands in for PostgreSQL, and there is no cache.\n  ${error.advice}`);
    return undefined;
  }
}
