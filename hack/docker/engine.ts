import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AdvisedError } from '../machine/advice.ts';
import { withLock } from '../machine/lock.ts';
import { ensurePackages, type PackageOptions } from '../machine/packages.ts';
import { identify, isRunning } from '../machine/process.ts';
import { assertPermitted, engineAnswers } from './client.ts';
import { observeNetwork } from './network-traces.ts';
import { places } from './places.ts';
import { addUser, readRecord, writeRecord } from './record.ts';
import { runtimeFlags } from './runtime.ts';

const startDeadlineMs = 60_000;

/** Who asks for an engine. */
export interface EngineUser {
  /** Name of the cluster that will run in it. */
  readonly cluster: string;
  /** Root of the checkout. */
  readonly root: string;
}

/**
 * Makes sure that a Docker engine answers. One that is running is used as found. Otherwise the distribution's is
 * installed where it is missing, and started, to be stopped by `releaseEngine` when its last user lets go of it.
 */
export async function ensureEngine(user: EngineUser, options: PackageOptions = {}): Promise<void> {
  await withLock('docker-engine', async () => {
    if (!(await engineAnswers())) await startEngine(options);
    const { engine } = readRecord() ?? {};
    if (engine !== undefined && isRunning(engine)) await addUser(user.cluster, user.root);
  });
}

async function startEngine(options: PackageOptions): Promise<void> {
  await assertPermitted();
  if (process.platform !== 'linux') {
    throw new AdvisedError(
      'no Docker engine is running',
      'Start Docker Desktop (or another engine) and run this again.',
    );
  }
  await ensurePackages(['docker.io', 'iptables', 'iproute2'], options);
  // Where services run, the package has started its own.
  if (await engineAnswers()) return;
  if (process.getuid?.() !== 0) {
    throw new AdvisedError(
      'no Docker engine is running',
      'Start it (sudo systemctl start docker) or run this as root.',
    );
  }
  const traces = 'a bridge, iptables chains, IP forwarding';
  options.announce?.(`starts a Docker engine on ${places.socket} (${traces}; hack/down takes all of it away)`);
  options.say?.('starting dockerd');
  // What the machine was like is known once only: an engine that died left its traces.
  const before = readRecord()?.before ?? (await observeNetwork());
  await writeRecord({ before });
  const engine = await launch();
  await writeRecord({ before, engine });
  await untilAnswers(engine.pid);
}

/** Starts dockerd in a session of its own, so that it stays when the command that needed it ends. */
async function launch(): Promise<NonNullable<ReturnType<typeof identify>>> {
  await mkdir(places.execRoot, { recursive: true });
  const flags = [
    `--data-root=${places.dataRoot}`,
    `--exec-root=${places.execRoot}`,
    `--pidfile=${places.pidFile}`,
    `--host=unix://${places.socket}`,
    ...(await runtimeFlags()),
  ];
  const output = openSync(places.log, 'w');
  const child = spawn('dockerd', flags, { detached: true, stdio: ['ignore', output, output], cwd: '/' });
  closeSync(output);
  child.once('error', () => undefined); // Shows as a process that is not there.
  child.unref();
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) throw new AdvisedError('dockerd could not be started', `See ${places.log}.`);
  return identity;
}

async function untilAnswers(pid: number): Promise<void> {
  const end = Date.now() + startDeadlineMs;
  while (!(await engineAnswers())) {
    if (identify(pid) === undefined || Date.now() > end) {
      const lines = (await readFile(places.log, 'utf8').catch(() => '')).trim().split('\n');
      const advice = `See ${places.log}. Where containers are forbidden altogether, run this on another machine.`;
      throw new AdvisedError(`dockerd did not start:\n${lines.slice(-8).join('\n')}`, advice);
    }
    await sleep(100);
  }
}
