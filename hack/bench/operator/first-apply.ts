import type { ControlPlane } from '../../../test/harness/control-plane.ts';
import type { AuditEvent } from '../../../test/harness/control-plane.ts';
import { COLLECTIONS } from '../../../operator/test/platform/harness/end-state.ts';
import type { Place } from '../../../operator/test/platform/harness/place.ts';
import type { World } from '../../../operator/test/platform/harness/world.ts';
import { isWrite } from '../../../operator/test/platform/harness/world.ts';
import type { Figure } from '../figure.ts';
import { median, significant } from '../figure.ts';

const ROUNDS = 5;

interface Written {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly status?: unknown;
}

/**
 * From the operator's first write of a platform to its last, against a bare loop that server-side-applies the same
 * objects one after the other over one connection that is kept alive.
 */
export async function measureFirstApply(world: World): Promise<Figure[]> {
  const manager = await world.startOperator();
  const rounds: { operatorMs: number; loopMs: number; objects: number }[] = [];
  // The first one pays for compilation, of both.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const place = await world.place();
    await place.ready({ profile: 'dev', ingress: { host: 'ai.example.com' } });
    const operatorMs = spanMs((await world.calls()).filter((call) => isWrite(call) && call.requestURI.includes(`/namespaces/${place.namespace}/`))); // prettier-ignore
    const objects = await objectsOf(world.plane, place);
    rounds.push({ operatorMs, loopMs: await applyAll(world, objects), objects: objects.length });
  }
  await world.stopOperator(manager);
  const warm = rounds.slice(1);
  const [operatorMs, loopMs] = [median(warm.map((each) => each.operatorMs)), median(warm.map((each) => each.loopMs))];
  const yardstick = `a bare loop that applies the same ${rounds[0]?.objects} objects: ${significant(loopMs)} ms`;
  return [{ name: 'operator.first_apply', value: significant(operatorMs), unit: 'ms', yardstick, ratio: significant(operatorMs / loopMs) }]; // prettier-ignore
}

/** From the arrival of the first request at the API server to the answer of the last. */
function spanMs(calls: readonly AuditEvent[]): number {
  const from = Math.min(...calls.map(({ requestReceivedTimestamp }) => Date.parse(requestReceivedTimestamp)));
  return Math.max(...calls.map(({ stageTimestamp }) => Date.parse(stageTimestamp))) - from;
}

/** What the operator has made, as it would be applied. */
async function objectsOf(plane: ControlPlane, { namespace }: Place): Promise<{ path: string; object: Written }[]> {
  const found: { path: string; object: Written }[] = [];
  for (const collection of COLLECTIONS.filter((each) => !/genaiplatforms|replicasets|controllerrevisions/.test(each))) {
    const [root = '', plural = ''] = collection.split(' ');
    const list = await plane.request<Pick<Written, 'apiVersion' | 'kind'> & { items: Written[] }>('GET', `/${root}/namespaces/${namespace}/${plural}`); // prettier-ignore
    for (const { metadata, status: _, ...rest } of list.items) {
      if (metadata.labels === undefined) continue;
      const { name, labels, annotations } = metadata;
      const type = { apiVersion: list.apiVersion, kind: list.kind.replace(/List$/, '') };
      found.push({ path: `/${root}/namespaces/NAMESPACE/${plural}/${name}`, object: { ...rest, ...type, metadata: { name, labels, annotations } } }); // prettier-ignore
    }
  }
  return found;
}

async function applyAll(world: World, objects: readonly { path: string; object: Written }[]): Promise<number> {
  const { namespace } = await world.place();
  const started = performance.now();
  for (const { path, object } of objects) {
    const metadata = { ...object.metadata, namespace };
    const text = JSON.stringify({ ...object, metadata }, (key, value: unknown) =>
      isAssigned(key, object.kind) ? undefined : value,
    );
    await world.plane.request('PATCH', `${path.replace('NAMESPACE', namespace)}?fieldManager=loop&force=true`, {
      contentType: 'application/apply-patch+yaml',
      text,
    });
  }
  return performance.now() - started;
}

/** Set by the API server, and refused from anybody else. */
function isAssigned(key: string, kind: string): boolean {
  return (
    (kind === 'Job' && key === 'selector') ||
    ['clusterIP', 'clusterIPs', 'controller-uid', 'batch.kubernetes.io/controller-uid'].includes(key)
  );
}
