import type { KubeObject } from './object.ts';
import { keyOf } from './object.ts';
import type { ObjectRef, ResourceKind } from './resource-kind.ts';
import { apiVersionOf, kindText } from './resource-kind.ts';

/** Finds the resource (plural, scope) of an object by its apiVersion and kind. Holds what controllers declare. */
export class KindRegistry {
  readonly #byType = new Map<string, ResourceKind>();

  /** @throws Error when the same type is declared as two resources. */
  add(kind: ResourceKind): void {
    const type = `${apiVersionOf(kind)} ${kind.kind}`;
    const known = this.#byType.get(type);
    if (known && kindText(known) !== kindText(kind))
      throw new Error(`${type} is declared as ${known.plural} and ${kind.plural}`);
    this.#byType.set(type, kind);
  }

  /** @throws Error for a type that no controller owns or watches: its changes would go unseen. */
  refOf<T extends KubeObject>(object: T): ObjectRef<T> {
    const kind = this.#byType.get(`${object.apiVersion} ${object.kind}`);
    if (!kind) throw new Error(`${object.apiVersion} ${object.kind} is not declared by any controller`);
    const { namespace, name } = keyOf(object);
    return { kind: kind as ResourceKind<T>, namespace: kind.namespaced ? namespace : '', name };
  }
}
