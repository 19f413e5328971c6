import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/**
 * Turns zod schemas into the JSON Schemas of an OpenAPI 3.1 document. A schema with an id
 * (`.meta({ id: 'Index' })`) becomes a component that is referred to; one that reads differently as a request and
 * as a reply (defaults, transforms) becomes two.
 */
export class SchemaCollector {
  readonly components: Record<string, JsonSchema> = {};

  /** @param io whether the schema is sent by the client (`input`) or by the service (`output`) */
  add(schema: z.ZodType, io: 'input' | 'output', fallbackName: string): JsonSchema {
    const {
      $schema: _,
      $defs = {},
      ...root
    } = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: open }) as {
      $schema?: string;
      $defs?: Record<string, JsonSchema>;
    } & JsonSchema;
    // A schema without an id that contains itself refers to its own root: it needs a name here.
    const needsName = JSON.stringify(root).includes('"$ref":"#"');
    const definitions = needsName ? { ...$defs, [fallbackName]: root } : $defs;
    const names = new Map(Object.entries(definitions).map(([id, body]) => [id, this.#nameFor(id, body, io)]));
    const rename = (ref: string): string =>
      ref === '#'
        ? `#/components/schemas/${names.get(fallbackName)}`
        : `#/components/schemas/${names.get(ref.slice('#/$defs/'.length))}`;
    for (const [id, body] of Object.entries(definitions)) {
      this.components[names.get(id) as string] = renameRefs(body, rename) as JsonSchema;
      this.#originals.set(names.get(id) as string, body);
    }
    return needsName ? { $ref: rename('#') } : (renameRefs(root, rename) as JsonSchema);
  }

  readonly #originals = new Map<string, JsonSchema>();

  #nameFor(id: string, body: JsonSchema, io: 'input' | 'output'): string {
    const taken = this.#originals.get(id);
    if (taken === undefined || isDeepStrictEqual(taken, body)) return id;
    return id + (io === 'input' ? 'Input' : 'Output');
  }
}

/** A reply may grow members later: a client that validates has to let them pass. */
function open({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: JsonSchema }): void {
  const { def } = zodSchema._zod;
  if (def.type === 'object' && def.catchall === undefined) delete jsonSchema.additionalProperties;
}

function renameRefs(value: unknown, rename: (ref: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renameRefs(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string' ? rename(member) : renameRefs(member, rename),
    ]),
  );
}
