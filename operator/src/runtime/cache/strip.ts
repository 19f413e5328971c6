import type { KubeObject, LiveObject } from '../object.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Leaves out what no reconcile reads and what takes half of a typical object: managedFields, kubectl's own copy. */
export function strip<T extends KubeObject>(object: LiveObject<T>): LiveObject<T> {
  const {
    managedFields: _,
    annotations,
    ...metadata
  } = object.metadata as LiveObject['metadata'] & { managedFields?: unknown };
  const kept = annotations && lastApplied in annotations ? omit(annotations, lastApplied) : annotations;
  return { ...object, metadata: { ...metadata, ...(kept && { annotations: kept }) } };
}

function omit(record: Readonly<Record<string, string>>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
