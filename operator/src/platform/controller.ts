import { platformLabel, workloadLabel } from '@genai-platform/cdk8s';
import type { Controller, LiveObject, ObjectKey } from '../runtime/index.ts';
import { defineController, parallel } from '../runtime/index.ts';
import { DriftLedger } from './drift/drift-ledger.ts';
import { reportDrift } from './drift/report-drift.ts';
import {
  removeCache,
  removeDatabase,
  removeEdge,
  removeSecrets,
  removeVolumes,
  removeWorkloads,
} from './finalize/stages.ts';
import { escapable } from './finalize/leave-behind.ts';
import { holdProtected } from './finalize/protection.ts';
import { takeSnapshots } from './finalize/snapshots.ts';
import type { Platform } from './kinds.ts';
import type { ResourceKind } from '../runtime/index.ts';
import { ControllerRevisions, Platforms, Pods, foreignKinds, ownedKinds } from './kinds.ts';
import { narrated, tellSuspended } from './narrate.ts';
import { Outlines } from './outline.ts';
import { effectivePlatform } from './revisions/effective-platform.ts';
import type { PlatformDeps, PlatformStep, WithSession } from './session.ts';
import { Session } from './session.ts';
import { cache } from './steps/cache.ts';
import { cleanup } from './steps/cleanup.ts';
import { database } from './steps/database.ts';
import { edge } from './steps/edge.ts';
import { migrations } from './steps/migrations.ts';
import { outputs } from './steps/outputs.ts';
import { revision } from './steps/revision.ts';
import { othersSecrets } from './secrets/others-secrets.ts';
import { interruptedRotation, rotation } from './steps/rotation.ts';
import { secrets } from './steps/secrets.ts';
import { services } from './steps/services.ts';
import { survey } from './steps/survey.ts';

const steps: PlatformStep[] = [
  narrated(revision),
  narrated(secrets),
  interruptedRotation,
  survey,
  parallel([narrated(database), narrated(cache)]),
  narrated(migrations),
  narrated(services),
  narrated(edge),
  narrated(cleanup),
  outputs,
  narrated(rotation),
];

const finalize: PlatformStep[] = [
  holdProtected,
  removeEdge,
  removeWorkloads,
  removeCache,
  removeDatabase,
  takeSnapshots,
  removeVolumes,
  removeSecrets,
].map((step) => narrated(step === holdProtected ? step : escapable(step)));

/** Turns a GenAIPlatform into a running platform, stage by stage, and keeps it so. */
export function platformController(deps: PlatformDeps): Controller<Platform> {
  const outlines = new Outlines();
  const ledger = new DriftLedger();
  return defineController<Platform, WithSession>({
    kind: Platforms,
    owns: ownedKinds.map((kind) => ({ kind, selector: selectorOf(kind), optional: foreignKinds.includes(kind) })),
    watches: [{ kind: Pods, selector: platformLabel, keys: platformOf }, othersSecrets()],
    repaired: (applied, context) => {
      reportDrift(applied, context, ledger);
    },
    extend: (context) => {
      ledger.remind(context);
      return { session: new Session(effectivePlatform(context, deps.installation), deps, outlines) };
    },
    suspended: ({ spec }) => spec.suspend === true,
    tellSuspended,
    steps,
    finalize,
  });
}

/** StatefulSets keep revisions too, labelled like their pods: nobody here reads those. */
function selectorOf(kind: ResourceKind): string {
  return kind === ControllerRevisions ? `${platformLabel},!${workloadLabel}` : platformLabel;
}

/** Pods are made by others: they carry the name of their platform in a label, not in an owner reference. */
function platformOf({ metadata }: LiveObject): ObjectKey[] {
  const name = metadata.labels?.[platformLabel];
  return name === undefined ? [] : [{ namespace: metadata.namespace ?? '', name }];
}
