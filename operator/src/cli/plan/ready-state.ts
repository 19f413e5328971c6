import type { Deployment, Job, StatefulSet } from '../../platform/kinds.ts';
import { jobState, wantedPods } from '../../platform/rollout.ts';
import type { LiveObject } from '../../runtime/index.ts';

/**
 * The object as it is when all that it asks for has come about: every pod of the newest template serves, the Job has
 * succeeded. What makes pods goes no further in a rehearsal, and the steps after it are to have their turn. A Job that
 * has failed stays so: the operator does something about it.
 */
export function asReady(object: LiveObject): LiveObject {
  switch (object.kind) {
    case 'Deployment':
      return readyDeployment(object);
    case 'StatefulSet':
      return readySet(object);
    case 'Job':
      return completeJob(object);
    default:
      return object;
  }
}

const EPOCH = '1970-01-01T00:00:00Z';

function readyDeployment(deployment: LiveObject<Deployment>): LiveObject {
  const pods = wantedPods(deployment);
  const counts = { replicas: pods, updatedReplicas: pods, readyReplicas: pods, availableReplicas: pods };
  const conditions = [
    { type: 'Available', status: 'True' },
    { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', lastUpdateTime: EPOCH },
  ];
  const status = { ...counts, conditions, observedGeneration: deployment.metadata.generation };
  return { ...deployment, status } as unknown as LiveObject;
}

function readySet(set: LiveObject<StatefulSet>): LiveObject {
  const pods = wantedPods(set);
  const counts = { replicas: pods, updatedReplicas: pods, readyReplicas: pods, availableReplicas: pods };
  return { ...set, status: { ...counts, observedGeneration: set.metadata.generation } } as LiveObject;
}

function completeJob(job: LiveObject<Job>): LiveObject {
  if (jobState(job) === 'failed') return job;
  return { ...job, status: { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] } } as LiveObject;
}
