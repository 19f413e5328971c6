import { join, relative } from 'node:path';
import { checkoutRoot } from '../machine/checkout.ts';
import type { LocalPlatform } from './local-platform.ts';
import type { LocalProgram } from './local-program.ts';
import type { LineWriter } from './log-lines.ts';
import { runFromSource } from './source-process.ts';
import { SupervisedWorkload } from './supervised.ts';
import { watchWorkspace } from './watch.ts';

const common = 'services/common';

/** The programs of a local platform, run from source and started again when it changes. */
export class Development {
  readonly #platform: LocalPlatform;
  readonly #writer: (name: string) => LineWriter;
  readonly #workloads: readonly SupervisedWorkload[];
  readonly #watchers: { close(): void }[] = [];

  constructor(platform: LocalPlatform, writer: (name: string) => LineWriter) {
    this.#platform = platform;
    this.#writer = writer;
    this.#workloads = platform.workloads.map((workload) => new SupervisedWorkload(workload, writer(workload.name)));
  }

  /** Prepares the database, starts the workloads and resolves with those that are ready. */
  async start(signal: AbortSignal): Promise<string[]> {
    for (const group of this.#platform.jobs) await Promise.all(group.map((job) => this.#run(job)));
    if (signal.aborted) return [];
    for (const workload of this.#workloads) workload.start();
    this.#watch();
    const ready = await Promise.all(
      this.#workloads.map(async (workload) => ((await workload.untilReady(signal)) ? [workload.workload.name] : [])),
    );
    return ready.flat();
  }

  /** Ends the workloads, then the servers that they use. */
  async stop(): Promise<void> {
    for (const watcher of this.#watchers) watcher.close();
    await Promise.all(this.#workloads.map((workload) => workload.stop()));
    await this.#platform.stop();
  }

  #watch(): void {
    for (const { workload } of this.#workloads) {
      this.#onChange(workload.workspace, (files) => this.#reload(workload.workspace, files));
    }
    this.#onChange(common, async (files) => {
      for (const { workload } of this.#workloads) await this.#reload(workload.workspace, files);
    });
  }

  #onChange(workspace: string, reload: (files: readonly string[]) => Promise<void>): void {
    const folder = join(checkoutRoot, workspace);
    const watcher = watchWorkspace(folder, (files) => {
      const write = this.#writer(workspace.replace('services/', ''));
      write(`changed: ${files.map((file) => relative('', file)).join(', ')}`);
      reload(files).catch((error: unknown) => {
        write(error instanceof Error ? error.message : String(error));
      });
    });
    this.#watchers.push(watcher);
  }

  /** A changed migration is applied first: the new code counts on it. */
  async #reload(workspace: string, files: readonly string[]): Promise<void> {
    const jobs = this.#platform.jobs.flat().filter((job) => job.workspace === workspace);
    if (files.some((file) => file.startsWith('migrations/'))) await Promise.all(jobs.map((job) => this.#run(job)));
    const affected = this.#workloads.filter(({ workload }) => workload.workspace === workspace);
    await Promise.all(affected.map((workload) => workload.restart()));
  }

  #run(job: LocalProgram): Promise<void> {
    return runFromSource(job, this.#writer(job.name));
  }
}
