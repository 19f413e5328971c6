import type { RevisionStatus } from '@genai-platform/crds';
import { ControllerRevisions } from '../kinds.ts';
import type { PlatformContext } from '../session.ts';
import type { RevisionRecord } from './revision-record.ts';
import { readRecord, recordObject, recordRef } from './revision-record.ts';

/** What is remembered of the platform's revisions, the newest first. */
export function recordsOf(context: PlatformContext): RevisionRecord[] {
  const { name } = context.session.platform.metadata;
  return context
    .observeOwned(ControllerRevisions)
    .map((object) => readRecord(object, name))
    .filter((record) => record !== undefined)
    .sort((a, b) => b.number - a.number || a.name.localeCompare(b.name));
}

/** Writes a record down, unless it says so already. */
export async function writeRecord(record: RevisionRecord, context: PlatformContext): Promise<void> {
  await context.apply([recordObject(context.session.platform, record)]);
  tellHistory(context);
}

/** Writes down what came of the wanted revision. */
export async function concludeRecord(
  conclusion: Pick<RevisionRecord, 'result' | 'message'>,
  context: PlatformContext,
): Promise<void> {
  const { name } = context.session.wanted;
  const record = recordsOf(context).find((candidate) => candidate.name === name);
  if (!record || record.result === conclusion.result) return;
  const { message: _message, ...rest } = record;
  await writeRecord({ ...rest, ...conclusion }, context);
}

/** Shows the records in the status. */
export function tellHistory(context: PlatformContext): void {
  const history = recordsOf(context).map(({ name, number, content, result, message }): RevisionStatus => ({
    revision: name,
    number,
    version: content.version,
    result,
    ...(message !== undefined && { message }),
  }));
  context.status.history = history.length > 0 ? history : undefined;
}

/** Deletes the oldest records beyond the limit; never that of what is wanted, of what runs, of what could come back. */
export async function pruneHistory(context: PlatformContext): Promise<void> {
  const { session, status } = context;
  const needed = new Set([session.wanted.name, status.lastGoodRevision, session.rollback?.to]);
  const old = recordsOf(context).filter(({ name }) => !needed.has(name));
  for (const { name } of old.slice(session.rollout.revisionHistoryLimit)) {
    const object = context.observe(recordRef(session.platform, name));
    if (object) await context.delete(object);
  }
  tellHistory(context);
}
