/** Runs in a thread: prepares bulk requests one after another, so that searches need not wait for them. */
import { parentPort } from 'node:worker_threads';
import { AnalyzerPool } from '../domain/analysis/field-analyzers.ts';
import { prepareBulk } from '../domain/prepare-bulk.ts';
import type { BulkSource, PreparedBulk } from '../domain/prepare-bulk.ts';
import type { IndexSettings } from '../domain/settings.ts';

/** What the thread is asked. */
export interface BulkTask {
  readonly id: number;
  readonly source: BulkSource;
  readonly settings: IndexSettings;
}

/** What it answers: one message for each task. */
export type BulkAnswer =
  { readonly id: number; readonly prepared: PreparedBulk } | { readonly id: number; readonly failure: Error };

const analyzers = new AnalyzerPool();

parentPort?.on('message', (task: BulkTask) => {
  void answer(task).then((reply) => {
    const bytes = 'prepared' in reply ? [reply.prepared.file.bytes.buffer as ArrayBuffer] : [];
    parentPort?.postMessage(reply, bytes);
  });
});

async function answer({ id, source, settings }: BulkTask): Promise<BulkAnswer> {
  try {
    const steps = prepareBulk(source, settings, await analyzers.forFields(settings));
    for (let step = steps.next(); ; step = steps.next()) if (step.done) return { id, prepared: step.value };
  } catch (error) {
    return { id, failure: error instanceof Error ? error : new Error(String(error)) };
  }
}
