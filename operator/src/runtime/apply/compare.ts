import type { KubeObject, LiveObject } from '../object.ts';
import type { FieldWriter } from './field-managers.ts';
import type { PathSegment } from './field-path.ts';
import { FieldPath, isWithin } from './field-path.ts';
import { isSameQuantity } from './quantity.ts';
import { atomicMaps, isDropped, isQuantity, keyDefaults, listRuleOf } from './schema-hints.ts';

/** One wanted field that the live object does not have, or has with another value. */
export interface FieldDifference {
  /** `spec.template.spec.containers[name=app].image` */
  readonly path: string;
  readonly segments: readonly PathSegment[];
  readonly wanted: unknown;
  /** Absent where the live object lacks the field. */
  readonly found?: unknown;
  /** Who made it so, of an edit that was undone. */
  readonly writer?: FieldWriter;
}

export interface Differences {
  readonly differences: readonly FieldDifference[];
  /** Those at ignored places. */
  readonly ignored: readonly FieldDifference[];
}

type Fields = Readonly<Record<string, unknown>>;

/** What of metadata an apply states; the rest is identity or the server's. */
const comparedMetadata = ['labels', 'annotations', 'ownerReferences', 'finalizers'] as const;
const notCompared: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status', 'stringData']);

/**
 * The fields that are wanted and not so. Only what is wanted is looked at: defaults of the API server and fields of
 * other managers are no differences; what is no longer wanted is found by the applied digest, not here.
 * @param ignore places whose differences are told apart.
 */
export function compareFields(wanted: KubeObject, found: LiveObject, ignore: readonly string[] = []): Differences {
  const comparison = new Comparison(wanted.kind, ignore);
  for (const [field, value] of Object.entries(wanted)) {
    if (!notCompared.has(field)) comparison.value(new FieldPath({ field }), value, (found as unknown as Fields)[field]);
  }
  const metadata = new FieldPath({ field: 'metadata' });
  for (const field of comparedMetadata) {
    comparison.value(metadata.into({ field }), wanted.metadata[field], found.metadata[field]);
  }
  return comparison;
}

class Comparison implements Differences {
  readonly differences: FieldDifference[] = [];
  readonly ignored: FieldDifference[] = [];
  readonly #kind: string;
  readonly #ignore: readonly string[];

  constructor(kind: string, ignore: readonly string[]) {
    this.#kind = kind;
    this.#ignore = ignore;
  }

  value(path: FieldPath, wanted: unknown, found: unknown): void {
    if (wanted === undefined || wanted === null || wanted === found) return;
    if (found === undefined || found === null) {
      if (!isDropped(path.field(), wanted)) this.#differ(path, wanted, found);
    } else this.#present(path, wanted, found);
  }

  #present(path: FieldPath, wanted: unknown, found: unknown): void {
    if (Array.isArray(wanted) && Array.isArray(found)) this.#list(path, wanted, found);
    else if (isFields(wanted) && isFields(found)) this.#fields(path, wanted, found);
    else if (!isSameScalar(path, wanted, found)) this.#differ(path, wanted, found);
  }

  #fields(path: FieldPath, wanted: Fields, found: Fields): void {
    // Most fields are equal scalars; they are not worth a path.
    for (const field in wanted) {
      if (wanted[field] !== found[field]) this.value(path.into({ field }), wanted[field], found[field]);
    }
    if (!atomicMaps.has(path.field())) return;
    for (const field in found) {
      if (!(field in wanted)) this.#differ(path.into({ field }), undefined, found[field]);
    }
  }

  #list(path: FieldPath, wanted: readonly unknown[], found: readonly unknown[]): void {
    const rule = listRuleOf(this.#kind, path.schemaText(), path.field());
    if (rule.type === 'map') return this.#keyedList(path, wanted, found, rule.keys);
    if (rule.type === 'set') {
      for (const item of wanted) if (!found.includes(item)) this.#differ(path, wanted, found);
      return;
    }
    if (wanted.length !== found.length) return this.#differ(path, wanted, found);
    wanted.forEach((item, index) => {
      this.value(path.into({ index }), item, found[index]);
    });
  }

  #keyedList(path: FieldPath, wanted: readonly unknown[], found: readonly unknown[], keys: readonly string[]): void {
    const byKey = new Map(found.filter(isFields).map((item) => [keyTextOf(item, keys), item]));
    for (const item of wanted.filter(isFields)) {
      const text = keyTextOf(item, keys);
      const place = path.into({ keys: Object.fromEntries(keys.map((key) => [key, keyValue(item, key)])) });
      const match = byKey.get(text);
      if (match) this.value(place, item, match);
      else this.#differ(place, item, undefined);
    }
  }

  #differ(path: FieldPath, wanted: unknown, found: unknown): void {
    const text = path.text();
    const into = isWithin(text, this.#ignore) ? this.ignored : this.differences;
    into.push({ path: text, segments: path.segments(), wanted, ...(found === undefined ? {} : { found }) });
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSameScalar(path: FieldPath, wanted: unknown, found: unknown): boolean {
  if (!isQuantity(path.parentField(), path.field())) return false;
  return isQuantityText(wanted) && isQuantityText(found) && isSameQuantity(wanted, found);
}

function isQuantityText(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function keyValue(item: Fields, key: string): unknown {
  return item[key] ?? keyDefaults[key];
}

function keyTextOf(item: Fields, keys: readonly string[]): string {
  return keys.map((key) => String(keyValue(item, key))).join('\u0000');
}
