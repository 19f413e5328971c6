import type { KubeObject } from '../../runtime/index.ts';
import { FieldPath } from '../../runtime/apply/field-path.ts';
import { keyDefaults, listRuleOf } from '../../runtime/apply/schema-hints.ts';

/** One field that is not as it was. */
export interface FieldChange {
  /** As `status.drift` writes paths: `spec.template.spec.containers[name=search].image`. */
  readonly path: string;
  /** Absent where there was nothing. Of a Secret, never its value. */
  readonly from?: unknown;
  /** Absent where nothing is left. */
  readonly to?: unknown;
}

/** In place of every value of a Secret. */
export const MASKED = '(secret)';

type Fields = Readonly<Record<string, unknown>>;

/** What of metadata is worth a look; the rest is identity, or the API server's. */
const METADATA = ['labels', 'annotations', 'finalizers'] as const;
/** By which the operator knows its own work again; their change only says that something else changed. */
const BOOKKEEPING = new Set(['genaiplatform.io/applied', 'genaiplatform.io/owner-uid']);

/** The fields in which two states of an object differ, as they are shown to people: no value of a Secret is in them. */
export function fieldChanges(before: KubeObject | undefined, after: KubeObject | undefined): FieldChange[] {
  const comparison = new FieldComparison((after ?? before)?.kind ?? '');
  const [from, to] = [shown(before), shown(after)];
  for (const field of new Set([...Object.keys(from), ...Object.keys(to)])) {
    comparison.compare(new FieldPath({ field }), from[field], to[field]);
  }
  return comparison.changes;
}

function shown(object: KubeObject | undefined): Fields {
  if (!object) return {};
  const { apiVersion: _v, kind: _k, metadata, status: _s, ...content } = object as KubeObject & { status?: unknown };
  const stated = Object.fromEntries(METADATA.map((field) => [field, metadata[field]]));
  const { labels, annotations } = metadata;
  const meta = { ...stated, labels: withoutBookkeeping(labels), annotations: withoutBookkeeping(annotations) };
  return { ...content, metadata: meta };
}

function withoutBookkeeping(map: Readonly<Record<string, string>> | undefined): Fields {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([name]) => !BOOKKEEPING.has(name)));
}

class FieldComparison {
  readonly changes: FieldChange[] = [];
  readonly #kind: string;

  constructor(kind: string) {
    this.#kind = kind;
  }

  compare(path: FieldPath, from: unknown, to: unknown): void {
    if (isEqual(from, to)) return;
    if (isFields(from) && isFields(to)) return this.#fields(path, from, to);
    if (Array.isArray(from) && Array.isArray(to)) return this.#list(path, from, to);
    const secret = this.#isSecret(path);
    if (secret && [from, to].some(isFields)) return this.#fields(path, asFields(from), asFields(to));
    this.#tell(path, secret ? masked(from) : from, secret ? masked(to) : to);
  }

  #isSecret(path: FieldPath): boolean {
    return this.#kind === 'Secret' && /^(data|stringData)\b/.test(path.text());
  }

  #tell(path: FieldPath, from: unknown, to: unknown): void {
    this.changes.push({
      path: path.text(),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
  }

  #fields(path: FieldPath, from: Fields, to: Fields): void {
    for (const field of new Set([...Object.keys(from), ...Object.keys(to)])) {
      this.compare(path.into({ field }), from[field], to[field]);
    }
  }

  #list(path: FieldPath, from: readonly unknown[], to: readonly unknown[]): void {
    const rule = listRuleOf(this.#kind, path.schemaText(), path.field());
    if (rule.type !== 'map' || ![...from, ...to].every(isFields)) {
      this.changes.push({ path: path.text(), from, to });
      return;
    }
    const [a, b] = [keyed(from as readonly Fields[], rule.keys), keyed(to as readonly Fields[], rule.keys)];
    for (const [text, keys] of new Map([...a.keys, ...b.keys])) {
      this.compare(path.into({ keys }), a.items.get(text), b.items.get(text));
    }
  }
}

function isEqual(from: unknown, to: unknown): boolean {
  return from === to || JSON.stringify(from) === JSON.stringify(to);
}

function masked(value: unknown): unknown {
  return value === undefined ? undefined : MASKED;
}

interface Keyed {
  readonly items: ReadonlyMap<string, Fields>;
  readonly keys: ReadonlyMap<string, Fields>;
}

function keyed(list: readonly Fields[], names: readonly string[]): Keyed {
  const entries = list.map((item) => {
    const keys = Object.fromEntries(names.map((name) => [name, item[name] ?? keyDefaults[name]]));
    return { item, keys, text: JSON.stringify(keys) };
  });
  return {
    items: new Map(entries.map(({ text, item }) => [text, item])),
    keys: new Map(entries.map(({ text, keys }) => [text, keys])),
  };
}

function asFields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
