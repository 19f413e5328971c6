import type { LiveObject } from '../object.ts';
import type { PathSegment } from './field-path.ts';

interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: string;
  readonly time?: string;
  readonly subresource?: string;
  readonly fieldsV1?: Tree;
}

type Tree = { readonly [key: string]: Tree };

/** Who wrote a field last. */
export interface FieldWriter {
  readonly manager: string;
  /** RFC 3339; when the manager last changed anything in the object. */
  readonly time?: string;
}

/**
 * The manager of the field, or, where nobody manages it (it was removed, or its list is atomic), the one who manages the
 * most of what is around it; the latest of several.
 * @param live with its managedFields, straight from the API server.
 */
export function writerOf(live: LiveObject, path: readonly PathSegment[], self: string): FieldWriter | undefined {
  const { managedFields = [] } = live.metadata as { readonly managedFields?: readonly ManagedFieldsEntry[] };
  const candidates = managedFields
    .filter((entry) => entry.manager !== undefined && entry.subresource !== 'status')
    .map((entry) => ({ entry, depth: depthIn(entry.fieldsV1 ?? {}, path) }))
    // Where others manage it as deeply as we do, they are the ones who changed it.
    .sort((a, b) => b.depth - a.depth || rank(a.entry, self) - rank(b.entry, self) || compareTimes(a.entry, b.entry));
  const entry = candidates[0]?.entry;
  if (entry?.manager === undefined) return undefined;
  return { manager: entry.manager, ...(entry.time !== undefined && { time: entry.time }) };
}

/**
 * Whether this manager has the field itself: whoever else had given it the value that it has would have it now.
 * @param live with its managedFields, straight from the API server.
 */
export function isManagedBy(manager: string, live: LiveObject, path: readonly PathSegment[]): boolean {
  const { managedFields = [] } = live.metadata as { readonly managedFields?: readonly ManagedFieldsEntry[] };
  return managedFields.some(
    (entry) => entry.manager === manager && depthIn(entry.fieldsV1 ?? {}, path) === path.length,
  );
}

/** How many segments of the path the tree has. */
function depthIn(tree: Tree, path: readonly PathSegment[]): number {
  let node: Tree | undefined = tree;
  for (const [depth, segment] of path.entries()) {
    node = childOf(node, segment);
    if (!node) return depth;
  }
  return path.length;
}

/** The keys of FieldsV1: `f:<field>`, `k:<json of keys>`, `i:<index>`. */
function childOf(tree: Tree, segment: PathSegment): Tree | undefined {
  if ('field' in segment) return tree[`f:${segment.field}`];
  if ('index' in segment) return tree[`i:${segment.index}`];
  const sorted = Object.fromEntries(Object.entries(segment.keys).sort(([a], [b]) => (a < b ? -1 : 1)));
  return tree[`k:${JSON.stringify(sorted)}`];
}

function rank(entry: ManagedFieldsEntry, self: string): number {
  return entry.manager === self ? 1 : 0;
}

function compareTimes(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  return (b.time ?? '').localeCompare(a.time ?? '');
}
