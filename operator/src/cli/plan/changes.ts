import type { KubeObject, LiveObject } from '../../runtime/index.ts';
import type { FieldChange } from './field-changes.ts';
import { fieldChanges } from './field-changes.ts';
import type { Write } from './recording-client.ts';

/** What happens to one object. */
export interface Change {
  readonly action: 'create' | 'change' | 'replace' | 'delete';
  readonly kind: string;
  readonly name: string;
  /** Of a replaced object: the one that goes, where it has another name. */
  readonly replaces?: string;
  /** Of `change` and `replace`. */
  readonly fields?: readonly FieldChange[];
}

/** A change with the object before and after it. */
export interface ObjectChange extends Change {
  readonly before?: LiveObject;
  readonly after?: LiveObject;
}

/** What becomes of each object when all these writes are stored; one line an object, whatever number of writes. */
export function changesOf(writes: readonly Write[]): ObjectChange[] {
  const byObject = new Map<string, Write[]>();
  for (const write of writes) {
    const text = `${write.ref.kind.kind}/${write.ref.name}`;
    byObject.set(text, [...(byObject.get(text) ?? []), write]);
  }
  const changes = [...byObject.values()].map(changeOf).filter((change) => change !== undefined);
  return pairReplaced(changes);
}

function changeOf(writes: readonly Write[]): ObjectChange | undefined {
  const [first] = writes;
  const last = writes.at(-1);
  if (!first || !last) return undefined;
  const { before } = first;
  const { after } = last;
  const { kind, name } = { kind: first.ref.kind.kind, name: first.ref.name };
  const objects = { ...(before && { before }), ...(after && { after }) };
  if (!before && !after) return undefined; // made and taken away again on the way
  if (!before) return { action: 'create', kind, name, ...objects };
  if (!after) return { action: 'delete', kind, name, ...objects };
  const replaced = writes.some(({ verb }) => verb === 'delete');
  return { action: replaced ? 'replace' : 'change', kind, name, fields: fieldChanges(before, after), ...objects };
}

/** A Job cannot change: another one takes its place, whose name ends in another digest. */
function pairReplaced(changes: readonly ObjectChange[]): ObjectChange[] {
  const going = changes.filter(({ action, kind }) => action === 'delete' && kind === 'Job');
  const paired = new Set<ObjectChange>();
  const result = changes.map((change) => {
    if (change.action !== 'create' || change.kind !== 'Job') return change;
    const old = going.find((candidate) => !paired.has(candidate) && stem(candidate.name) === stem(change.name));
    if (!old) return change;
    paired.add(old);
    const { before } = old;
    const fields = fieldChanges(before, change.after).filter(({ path }) => !isGiven(path));
    return { ...change, action: 'replace' as const, replaces: old.name, fields, ...(before && { before }) };
  });
  return result.filter((change) => !paired.has(change));
}

function stem(name: string): string {
  return name.replace(/-[^-]+$/, '');
}

/** What Kubernetes itself puts into every Job. */
function isGiven(path: string): boolean {
  return /batch\.kubernetes\.io|controller-uid|job-name|^spec\.selector/.test(path);
}

/** How the pods of a workload are replaced. */
export interface Restart {
  readonly kind: string;
  readonly name: string;
  readonly pods: number;
  /** Nothing of it answers meanwhile. */
  readonly interrupts: boolean;
  readonly how: string;
  /** Fields of the pod template, without values. */
  readonly because: readonly string[];
}

/** The workloads whose pods are replaced by these changes. */
export function restartsOf(changes: readonly ObjectChange[]): Restart[] {
  return changes.flatMap((change) => {
    const { action, kind, name, fields = [], before, after } = change;
    if (action !== 'change' || !before || !after) return [];
    if (kind !== 'Deployment' && kind !== 'StatefulSet') return [];
    const because = fields.filter(({ path }) => path.startsWith('spec.template.')).map(({ path }) => path);
    if (because.length === 0) return [];
    return [{ kind, name, pods: replicasOf(before), ...manner(after), because }];
  });
}

interface PodMaker extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly strategy?: { readonly type?: string } };
}

function replicasOf(object: KubeObject): number {
  return (object as PodMaker).spec?.replicas ?? 1;
}

function manner(object: KubeObject): Pick<Restart, 'interrupts' | 'how'> {
  const { kind, spec } = object as PodMaker;
  if (kind === 'StatefulSet') return { interrupts: true, how: 'one server, which restarts: its users wait and try again' }; // prettier-ignore
  if (spec?.strategy?.type === 'Recreate') return { interrupts: true, how: 'old pods end before new ones start' };
  return { interrupts: false, how: 'new pods serve before old ones end' };
}
