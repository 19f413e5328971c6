import { EXPECTED, parseValue } from '../document.ts';
import type { Issue } from '../document.ts';
import type { FieldType, IndexSettings } from '../settings.ts';
import type { Filter } from './filter.ts';

const MAX_DEPTH = 16;
const MAX_CONDITIONS = 256;

/** A condition with its values in the form that columns keep. */
export type CheckedFilter =
  | { readonly op: 'values'; readonly field: string; readonly values: ReadonlySet<string | number> }
  | { readonly op: 'range'; readonly field: string; readonly low: Bound | undefined; readonly high: Bound | undefined }
  | { readonly op: 'exists'; readonly field: string }
  | { readonly op: 'and'; readonly filters: readonly CheckedFilter[] }
  | { readonly op: 'or'; readonly filters: readonly CheckedFilter[] }
  | { readonly op: 'not'; readonly filter: CheckedFilter };

export interface Bound {
  readonly value: string | number;
  readonly inclusive: boolean;
}

/** Thrown where a filter does not fit the index. */
export class FilterError extends Error {
  readonly issue: Issue;

  constructor(issue: Issue) {
    super(issue.detail);
    this.issue = issue;
  }
}

/**
 * Checks a filter against an index.
 *
 * @param pointer where the filter stands in the request (RFC 6901)
 * @throws FilterError with the pointer of the first condition that cannot be met
 */
export function checkFilter(filter: Filter, settings: IndexSettings, pointer: string): CheckedFilter {
  const budget = { conditions: MAX_CONDITIONS };
  const check = (node: Filter, at: string, depth: number): CheckedFilter => {
    if (depth > MAX_DEPTH) throw new FilterError({ pointer: at, detail: `filters nest at most ${MAX_DEPTH} deep` });
    if (--budget.conditions < 0)
      throw new FilterError({ pointer: at, detail: `a filter has at most ${MAX_CONDITIONS} conditions` });
    if (node.op === 'and' || node.op === 'or')
      return { op: node.op, filters: node.filters.map((part, i) => check(part, `${at}/filters/${i}`, depth + 1)) };
    if (node.op === 'not') return { op: 'not', filter: check(node.filter, `${at}/filter`, depth + 1) };
    return checkCondition(node, settings, at);
  };
  return check(filter, pointer, 1);
}

type Condition = Exclude<Filter, { op: 'and' | 'or' | 'not' }>;

function checkCondition(node: Condition, settings: IndexSettings, at: string): CheckedFilter {
  const { field } = node;
  const type = valueFieldType(settings, field, `${at}/field`);
  if (node.op === 'exists') return { op: 'exists', field };
  if (node.op === 'eq') return { op: 'values', field, values: new Set([parse(node.value, type, `${at}/value`)]) };
  if (node.op === 'in')
    return {
      op: 'values',
      field,
      values: new Set(node.values.map((value, i) => parse(value, type, `${at}/values/${i}`))),
    };
  return checkRange(node, type, at);
}

function checkRange(node: Extract<Filter, { op: 'range' }>, type: FieldType, at: string): CheckedFilter {
  if (type === 'boolean') throw new FilterError({ pointer: `${at}/field`, detail: 'booleans have no range; use eq' });
  const bound = (inclusive: 'gte' | 'lte', exclusive: 'gt' | 'lt'): Bound | undefined => {
    const [with_, without] = [node[inclusive], node[exclusive]];
    if (with_ !== undefined && without !== undefined)
      throw new FilterError({ pointer: `${at}/${exclusive}`, detail: `give ${exclusive} or ${inclusive}, not both` });
    if (with_ !== undefined) return { value: parse(with_, type, `${at}/${inclusive}`), inclusive: true };
    return without === undefined ? undefined : { value: parse(without, type, `${at}/${exclusive}`), inclusive: false };
  };
  const low = bound('gte', 'gt');
  const high = bound('lte', 'lt');
  if (!low && !high) throw new FilterError({ pointer: at, detail: 'a range needs gt, gte, lt or lte' });
  return { op: 'range', field: node.field, low, high };
}

/** The type of a field that has a column. @throws FilterError where there is none */
export function valueFieldType(settings: IndexSettings, field: string, pointer: string): Exclude<FieldType, 'text'> {
  const type = Object.hasOwn(settings.fields, field) ? settings.fields[field]?.type : undefined;
  if (type === undefined) throw new FilterError({ pointer, detail: `the index has no field "${field}"` });
  if (type === 'text')
    throw new FilterError({ pointer, detail: `"${field}" is text; filters, facets and sorting take the other types` });
  return type;
}

function parse(value: unknown, type: FieldType, pointer: string): string | number {
  const parsed = parseValue(value, type);
  if (parsed === undefined) throw new FilterError({ pointer, detail: EXPECTED[type] });
  return parsed;
}
