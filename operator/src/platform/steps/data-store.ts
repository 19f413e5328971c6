import type { KubernetesObject, Rendered } from '@genai-platform/cdk8s';
import { selectorLabels, workloadLabel } from '@genai-platform/cdk8s';
import type { DataImageName } from '@genai-platform/crds';
import type { Result } from '../../runtime/index.ts';
import { done, refTo, wait } from '../../runtime/index.ts';
import { applyStage, keepStage } from '../apply-stage.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { diagnoseWorkload } from '../diagnosis/workload.ts';
import type { StatefulSet } from '../kinds.ts';
import { PersistentVolumeClaims, Pods, StatefulSets } from '../kinds.ts';
import { giveUpImage } from '../revisions/give-up-image.ts';
import { isHopeless } from '../revisions/failed-workload.ts';
import { isStatefulSetReady, wantedPods } from '../rollout.ts';
import type { PlatformContext, PlatformStep } from '../session.ts';
import { replaceStuck } from '../workloads/replace-stuck.ts';

const LOOK_AGAIN_MS = 10_000;

/** A server that the platform rests on: in the cluster as a StatefulSet, or somewhere else. */
export interface DataStore {
  /** In words, `database`. */
  readonly name: string;
  /** Value of the workload label of its objects. */
  readonly workload: string;
  readonly image: DataImageName;
  readonly condition: string;
  /** Host of the server where it is outside the cluster. */
  externalHost(context: PlatformContext): string | undefined;
}

/** A step that has the server in the cluster running; one outside is left to those who run it. */
export function dataStoreStep(store: DataStore): PlatformStep {
  const reason = store.condition;
  return {
    name: store.name,
    condition: store.condition,
    async run(context) {
      const host = store.externalHost(context);
      // Whether it can be used is for the steps to say that use it: the Jobs of the migrations, and verification.
      if (host !== undefined) return done(reason, `${host} is outside the cluster`);
      const own = objectsOf(store);
      await applyStage(context, store.name, own);
      for (const { metadata } of own(context.session.outline).filter(({ kind }) => kind === StatefulSets.kind)) {
        const waiting = await readiness(metadata.name, store, context);
        if (waiting) return waiting;
      }
      return done(reason, `the ${store.name} is ready`);
    },
    async keep(context) {
      if (store.externalHost(context) === undefined) await keepStage(context, store.name, objectsOf(store));
    },
  };
}

const objectsOf =
  ({ workload }: DataStore) =>
  ({ data }: Rendered): readonly KubernetesObject[] =>
    data.filter(({ metadata }) => metadata.labels?.[workloadLabel] === workload);

/** What a StatefulSet waits for; undefined once it is ready. */
async function readiness(name: string, store: DataStore, context: PlatformContext): Promise<Result | undefined> {
  const { name: platform, namespace } = context.session.platform.metadata;
  const controller = context.observe(refTo(StatefulSets, name, namespace));
  if (!controller) return wait('Starting', `${name}: being created`, { afterMs: LOOK_AGAIN_MS });
  if (isStatefulSetReady(controller)) return undefined;
  const labels = selectorLabels(platform, store.workload);
  const pods = context.observeLabelled(Pods, labels);
  const claims = context.observeLabelled(PersistentVolumeClaims, labels);
  const trouble = await diagnoseWorkload({ controller, pods, claims }, context.session.deps.words, context.signal);
  if (trouble) context.session.problems.push(trouble);
  const { reason, message } = trouble ?? starting(controller);
  const told = { reason, message: `${name}: ${message}` };
  await replaceStuck(controller, pods, context);
  const ended = isHopeless(reason, pods, context) ? await giveUpImage(store.image, told, context) : undefined;
  return ended ?? wait(told.reason, told.message, { afterMs: LOOK_AGAIN_MS });
}

function starting(controller: StatefulSet): Diagnosis {
  return { reason: 'Starting', message: `${controller.status?.readyReplicas ?? 0}/${wantedPods(controller)} ready` };
}
