import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../../src/runtime/index.ts';

const main = join(import.meta.dirname, 'widget-operator-main.ts');

/** An operator of widgets in a process of its own. */
export class ChildOperator {
  readonly #child: ChildProcess;
  readonly #directory: string;
  #errors = '';

  private constructor(child: ChildProcess, directory: string) {
    this.#child = child;
    this.#directory = directory;
    child.stderr?.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
  }

  /** @param cluster as a proxy gives it: a server and its CA. */
  static async start(cluster: Cluster, identity: string): Promise<ChildOperator> {
    const directory = await mkdtemp(join(tmpdir(), 'child-operator-'));
    const kubeconfig = join(directory, 'kubeconfig');
    await writeFile(kubeconfig, JSON.stringify(kubeconfigOf(cluster)));
    const flags = ['--conditions=@genai-platform/source', '--disable-warning=ExperimentalWarning'];
    const child = spawn(process.execPath, [...flags, main, kubeconfig, identity], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: '' },
    });
    return new ChildOperator(child, directory);
  }

  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(name);
  }

  /** What it wrote to standard error: empty unless it broke. */
  get errors(): string {
    return this.#errors;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    const running = this.#child.exitCode === null && this.#child.signalCode === null;
    this.signal('SIGKILL');
    if (running) await ended;
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function kubeconfigOf(cluster: Cluster): object {
  const { ca } = cluster.tls();
  const data = Buffer.from(String(ca)).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server: cluster.server.origin, 'certificate-authority-data': data } }],
    users: [{ name: 'test', user: {} }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  };
}
