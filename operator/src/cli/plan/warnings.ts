import { catalogue, workloadLabel } from '@genai-platform/cdk8s';
import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Platform } from '../../platform/kinds.ts';
import type { ObjectChange, Restart } from './changes.ts';

/** Something to think about before applying. */
export interface PlanWarning {
  /** `DataLoss`: data go. `DataAtRisk`: data stay now, and could go later. `Interruption`, `Held`: no data are concerned. */
  readonly type: 'DataLoss' | 'DataAtRisk' | 'Interruption' | 'Held' | 'Problem';
  readonly message: string;
}

type Spec = GenAIPlatformSpec | undefined;

/** Where data would go, where they would be left behind, and where something is interrupted. */
export function warningsOf(
  { before, after }: { readonly before: Platform | undefined; readonly after: Platform },
  changes: readonly ObjectChange[],
  restarts: readonly Restart[],
): PlanWarning[] {
  return [
    ...changes.flatMap(volumeLost),
    ...changes.flatMap(schemaLeft),
    ...(before ? policyLoosened(before.spec, after.spec) : []),
    ...(before ? cacheMoved(before.spec, after.spec) : []),
    ...restarts.filter(({ interrupts }) => interrupts).map(interruption),
    ...held(after.spec),
  ];
}

function volumeLost({ action, kind, name }: ObjectChange): PlanWarning[] {
  if (kind !== 'PersistentVolumeClaim' || action === 'change' || action === 'create') return [];
  return [{ type: 'DataLoss', message: `volume ${name} and all that is in it is deleted` }];
}

/** The schema of a service that goes stays in the database, and nobody serves it. */
function schemaLeft({ action, kind, before }: ObjectChange): PlanWarning[] {
  if (action !== 'delete' || kind !== 'Deployment') return [];
  const name = before?.metadata.labels?.[workloadLabel];
  const entry = catalogue.find((candidate) => candidate.name === name);
  if (!entry?.needs.includes('postgres')) return [];
  const message =
    `service ${entry.name} goes: ${entry.prefixes.join(', ')} will not be answered; ` +
    'its schema and all that is in it stay in the database, and are there again when the service is';
  return [{ type: 'DataAtRisk', message }];
}

function policyLoosened(before: NonNullable<Spec>, after: NonNullable<Spec>): PlanWarning[] {
  const warnings: PlanWarning[] = [];
  const [from, to] = [before, after].map(({ deletionPolicy = 'Retain' }) => deletionPolicy);
  if (to === 'Delete' && from !== 'Delete') {
    const message = `deletionPolicy ${from ?? ''} → Delete: from then on, deleting the platform destroys its volumes and Secrets`;
    warnings.push({ type: 'DataAtRisk', message });
  }
  if (before.deletionProtection === true && after.deletionProtection !== true) {
    warnings.push({ type: 'DataAtRisk', message: 'deletionProtection is lifted: the platform can be deleted' });
  }
  return warnings;
}

function cacheMoved(before: Spec, after: Spec): PlanWarning[] {
  if ((before?.cache?.external === undefined) === (after?.cache?.external === undefined)) return [];
  const message = 'the cache moves: what the present one holds is not copied to the next one; its volume stays';
  return [{ type: 'DataAtRisk', message }];
}

function interruption({ kind, name, how }: Restart): PlanWarning {
  return { type: 'Interruption', message: `${kind} ${name} is interrupted: ${how}` };
}

function held(spec: Spec): PlanWarning[] {
  if (spec?.suspend === true) {
    return [{ type: 'Held', message: 'spec.suspend is true: nothing is done until it is false' }];
  }
  return [];
}
