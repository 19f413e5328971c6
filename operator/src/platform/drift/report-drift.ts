import type { DriftEntry } from '@genai-platform/crds';
import { driftCapacity } from '@genai-platform/crds';
import type { Applied, StepContext } from '../../runtime/index.ts';
import { apiVersionOf, describeRef } from '../../runtime/index.ts';
import type { Platform } from '../kinds.ts';
import type { DriftLedger } from './drift-ledger.ts';

/** The reason of the event about what others changed and was put back. */
export const DRIFT_DETECTED = 'DriftDetected';

/** Says what somebody else did to an object of the platform: in an event, in the log and in `status.drift`. */
export function reportDrift(applied: Applied, context: StepContext<Platform>, ledger: DriftLedger): void {
  const entries = entriesOf(applied, context.clock.now());
  ledger.add(entries, context);
  const { kind, namespace, name } = applied.ref;
  const related = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name, namespace, uid: applied.uid } };
  for (const entry of entries) {
    const message = `${describeRef(applied.ref)}: ${told(entry)}; put back`;
    context.event({ type: 'Warning', reason: DRIFT_DETECTED, message, related });
    context.log.warn({ drift: entry }, 'what somebody else changed was put back');
  }
}

function entriesOf({ ref, action, differences }: Applied, nowMs: number): DriftEntry[] {
  const object = { kind: ref.kind.kind, name: ref.name };
  const now = new Date(nowMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
  if (action === 'created') return [{ ...object, change: 'Deleted', time: now }];
  return differences.slice(0, driftCapacity).map(({ path, writer }) => ({
    ...object,
    change: 'Edited',
    field: path.slice(0, 512),
    ...(writer && { manager: writer.manager }),
    time: writer?.time ?? now,
  }));
}

function told({ change, field = '', manager }: DriftEntry): string {
  if (change === 'Deleted') return 'deleted by somebody';
  return `${field} changed by ${manager ?? 'somebody'}`;
}
