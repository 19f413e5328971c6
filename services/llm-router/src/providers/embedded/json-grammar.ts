import { notSupported } from '../../errors.ts';

type Schema = Readonly<Record<string, unknown>>;

/** At most one space between words: a small model could otherwise go on with white space to the end of its context. */
const BASE: Readonly<Record<string, string>> = {
  space: '" "?',
  character: '[^"\\\\\\x00-\\x1f] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4})',
  string: '"\\"" character* "\\""',
  integer: '"-"? ("0" | [1-9] [0-9]{0,15})',
  number: 'integer ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,3})?',
  boolean: '"true" | "false"',
  null: '"null"',
  array: '"[" space (value (space "," space value)*)? space "]"',
  object: '"{" space (member (space "," space member)*)? space "}"',
  member: 'string space ":" space value',
  value: 'object | array | string | number | boolean | null',
};

const MAX_RULES = 2_000;
/** llama.cpp unrolls repetitions that are counted. */
const MAX_ITEMS = 100;

/** GBNF of any JSON object. */
export function jsonGrammar(): string {
  return grammarText({ root: 'object', ...BASE });
}

/**
 * GBNF of the JSON values that a schema describes: types, `enum`, `const`, `anyOf`, `oneOf`, `$ref` into itself, objects
 * with their properties in order, arrays with bounds. What else a schema says is left to the model.
 *
 * @throws AppError 400 for a schema that refers to what is not there, or is too large
 */
export function schemaGrammar(schema: Schema): string {
  const builder = new GrammarBuilder(schema);
  return grammarText({ ...BASE, root: builder.expression(schema), ...builder.rules });
}

class GrammarBuilder {
  readonly rules: Record<string, string> = {};
  readonly #root: Schema;
  readonly #references = new Map<string, string>();

  constructor(root: Schema) {
    this.#root = root;
  }

  /** A name or an expression that stands for the values of the schema. */
  expression(schema: Schema): string {
    if (typeof schema['$ref'] === 'string') return this.#reference(schema['$ref']);
    if ('const' in schema) return literal(schema['const']);
    if (Array.isArray(schema['enum'])) return `(${schema['enum'].map(literal).join(' | ')})`;
    const choices = schema['anyOf'] ?? schema['oneOf'];
    return Array.isArray(choices) ? this.#oneOf(choices as Schema[]) : this.#typed(schema);
  }

  #typed(schema: Schema): string {
    const type = schema['type'] ?? ('properties' in schema ? 'object' : undefined);
    if (Array.isArray(type)) return this.#oneOf(type.map((name) => ({ ...schema, type: name as unknown })));
    if (type === 'object') return this.#object(schema);
    if (type === 'array') return this.#array(schema);
    return typeof type === 'string' && type in BASE ? type : 'value';
  }

  #oneOf(schemas: readonly Schema[]): string {
    return `(${schemas.map((schema) => this.expression(schema)).join(' | ')})`;
  }

  #object(schema: Schema): string {
    const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
    if (properties.length === 0) return 'object';
    const required = new Set((schema['required'] ?? []) as string[]);
    const members = properties.map(([name, member]) => ({
      text: `${literal(name)} space ":" space ${this.expression(member)}`,
      needed: required.has(name),
    }));
    return this.#rule(`"{" space ${this.#members(members)} space "}"`);
  }

  /** One rule for the rest from each member on, once with and once without a comma before it. */
  #members(members: readonly { readonly text: string; readonly needed: boolean }[]): string {
    let afterFirst = '""';
    let first = '""';
    for (const { text, needed } of members.toReversed()) {
      const withMember = this.#rule(`space "," space ${text} ${afterFirst}`);
      const asFirst = this.#rule(`${text} ${afterFirst}`);
      first = needed ? asFirst : this.#rule(`${asFirst} | ${first}`);
      afterFirst = needed ? withMember : this.#rule(`${withMember} | ${afterFirst}`);
    }
    return first;
  }

  #array(schema: Schema): string {
    const item = this.expression((schema['items'] ?? {}) as Schema);
    const least = Number(schema['minItems'] ?? 0);
    const most = schema['maxItems'] === undefined ? undefined : Math.min(Number(schema['maxItems']), MAX_ITEMS);
    if (most !== undefined && most < 1) return '("[" space "]")';
    const bounds = `{${String(Math.min(MAX_ITEMS, Math.max(0, least - 1)))},${most === undefined ? '' : String(most - 1)}}`;
    const items = `${item} (space "," space ${item})${bounds}`;
    return this.#rule(`"[" space ${least > 0 ? items : `(${items})?`} space "]"`);
  }

  /** A rule of its own before what it stands for is built: a schema may contain itself. */
  #reference(pointer: string): string {
    const known = this.#references.get(pointer);
    if (known !== undefined) return known;
    const name = `ref-${String(this.#references.size)}`;
    this.#references.set(pointer, name);
    this.rules[name] = this.expression(this.#resolve(pointer));
    return name;
  }

  #resolve(pointer: string): Schema {
    let place: unknown = this.#root;
    for (const step of pointer
      .replace(/^#\/?/, '')
      .split('/')
      .filter((word) => word !== '')) {
      place = (place as Record<string, unknown> | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
    }
    if (pointer.startsWith('#') && typeof place === 'object' && place !== null) return place as Schema;
    throw notSupported(`the schema refers to ${pointer}, which is not there`, '/response_format/json_schema/schema');
  }

  #rule(text: string): string {
    const count = Object.keys(this.rules).length;
    if (count >= MAX_RULES) throw notSupported('the schema is too large', '/response_format/json_schema/schema');
    const name = `rule-${String(count)}`;
    this.rules[name] = text;
    return name;
  }
}

function grammarText(rules: Readonly<Record<string, string>>): string {
  return Object.entries(rules)
    .map(([name, text]) => `${name} ::= ${text}\n`)
    .join('');
}

/** A JSON value as the text that it is, quoted once more for GBNF. */
function literal(value: unknown): string {
  return JSON.stringify(JSON.stringify(value));
}
