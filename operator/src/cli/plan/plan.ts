import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { api } from '@genai-platform/crds';
import type { Platform } from '../../platform/kinds.ts';
import type { KubeObject, LiveObject } from '../../runtime/index.ts';
import type { Change, Restart } from './changes.ts';
import { changesOf, restartsOf } from './changes.ts';
import type { FieldChange } from './field-changes.ts';
import { fieldChanges } from './field-changes.ts';
import type { Rehearsed } from './rehearsal.ts';
import type { PlanWarning } from './warnings.ts';
import { warningsOf } from './warnings.ts';

/** What applying a platform would do. */
export interface Plan {
  readonly kind: 'Plan';
  readonly platform: { readonly namespace: string; readonly name: string; readonly exists: boolean };
  /** Whether anything changes at all. */
  readonly changed: boolean;
  /** Of the platform's own specification. */
  readonly spec: readonly FieldChange[];
  /** The workloads' definition before and after; equal where no workload is rolled out. */
  readonly revision: { readonly from?: string; readonly to?: string };
  readonly changes: readonly Change[];
  readonly restarts: readonly Restart[];
  readonly warnings: readonly PlanWarning[];
  /** What the operator would not get past; absent where all of it would come about. */
  readonly stopsAt?: { readonly reason: string; readonly message: string; readonly forGood: boolean };
}

/** The plan of a change from what was rehearsed. */
export function planOf(before: LiveObject<Platform> | undefined, after: Platform, rehearsed: Rehearsed): Plan {
  const changes = changesOf(rehearsed.writes);
  const restarts = restartsOf(changes);
  const spec = specChanges(before?.spec, after.spec);
  const { namespace = '', name } = after.metadata;
  const stopsAt = obstacleOf(rehearsed);
  return {
    kind: 'Plan',
    platform: { namespace, name, exists: before !== undefined },
    changed: spec.length > 0 || changes.length > 0,
    spec,
    revision: revisionsOf(before, rehearsed.platform),
    changes: changes.map(({ before: _before, after: _after, ...change }) => change).sort(inOrder),
    restarts,
    warnings: warningsOf({ before, after }, changes, restarts),
    ...(stopsAt && { stopsAt }),
  };
}

function revisionsOf(before: Platform | undefined, after: Platform): Plan['revision'] {
  const from = before?.status?.lastGoodRevision ?? before?.status?.currentRevision;
  const to = after.status?.currentRevision;
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function specChanges(from: GenAIPlatformSpec | undefined, to: GenAIPlatformSpec): FieldChange[] {
  const asObject = (spec: GenAIPlatformSpec | undefined): KubeObject & { readonly spec: object } => ({
    ...{ apiVersion: api.apiVersion, kind: api.kind, metadata: { name: '' } },
    spec: spec ?? {},
  });
  return fieldChanges(asObject(from), asObject(to));
}

function inOrder(a: Change, b: Change): number {
  return a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name);
}

/** What is not got past. That an autoscaler or a rotation goes on is no obstacle: all that is wanted has been written. */
function obstacleOf({ outcome, platform }: Rehearsed): Plan['stopsAt'] {
  const rollback = platform.status?.rollback;
  if (rollback && outcome.type === 'wait') return { reason: rollback.reason, message: rollback.message, forGood: true };
  switch (outcome.type) {
    case 'failed':
      return { reason: outcome.policy.reason, message: outcome.error.message, forGood: outcome.policy.retry === 'never' }; // prettier-ignore
    case 'stall':
      return { reason: outcome.reason, message: outcome.message, forGood: true };
    case 'wait':
      return { reason: outcome.reason, message: outcome.message, forGood: false };
    default:
      return undefined;
  }
}
