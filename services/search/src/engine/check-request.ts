import type { SearchRequest } from '../api/search-request.ts';
import { parseValue, vectorProblem } from '../domain/document.ts';
import type { CheckedFilter } from '../domain/filter/check-filter.ts';
import { FilterError, checkFilter, valueFieldType } from '../domain/filter/check-filter.ts';
import { MAX_REQUIRED_WORDS } from '../domain/query/plan-query.ts';
import type { FacetRequest } from '../domain/results/facets.ts';
import { BY_SCORE } from '../domain/results/sort-order.ts';
import { textFields } from '../domain/settings.ts';
import type { IndexSettings } from '../domain/settings.ts';
import { requestUnfit } from '../errors.ts';

/** The parts of a request that depend on the index, in the form that the search works with. */
export interface CheckedRequest {
  readonly filter: CheckedFilter | undefined;
  readonly facets: readonly FacetRequest[];
}

/** Compares a request with the index that it is for. @throws AppError 400 with a pointer to what does not fit */
export function checkRequest(request: SearchRequest, settings: IndexSettings): CheckedRequest {
  try {
    checkFields(request, settings);
    checkMode(request, settings);
    checkWords(request);
    request.sort.forEach(({ field }, i) => {
      if (field !== BY_SCORE) valueFieldType(settings, field, `/sort/${i}/field`);
    });
    return {
      filter: request.filter && checkFilter(request.filter, settings, '/filter'),
      facets: request.facets.map((facet, i) => checkFacet(facet, settings, `/facets/${i}`)),
    };
  } catch (error) {
    throw error instanceof FilterError ? requestUnfit(error.issue) : error;
  }
}

function checkFields({ fields, highlight, return_fields: returned }: SearchRequest, settings: IndexSettings): void {
  const known = textFields(settings);
  const requireText = (name: string, pointer: string): void => {
    if (!known.includes(name)) throw new FilterError({ pointer, detail: `the index has no text field "${name}"` });
  };
  for (const name of Object.keys(fields ?? {})) requireText(name, `/fields/${name}`);
  highlight?.fields?.forEach((name, i) => requireText(name, `/highlight/fields/${i}`));
  if (fields && Object.keys(fields).length === 0)
    throw new FilterError({ pointer: '/fields', detail: 'name at least one field to search' });
  returned?.forEach((name, i) => {
    if (!Object.hasOwn(settings.fields, name))
      throw new FilterError({ pointer: `/return_fields/${i}`, detail: `the index has no field "${name}"` });
  });
}

function checkMode({ mode, vector, sort }: SearchRequest, settings: IndexSettings): void {
  if (mode === 'lexical') {
    if (vector !== undefined) throw new FilterError({ pointer: '/vector', detail: 'a lexical search takes no vector' });
    return;
  }
  const problem = vector === undefined ? `the mode ${mode} needs a vector` : vectorProblem(vector, settings);
  if (problem !== undefined) throw new FilterError({ pointer: '/vector', detail: problem });
  if (sort.length > 0) throw new FilterError({ pointer: '/sort', detail: `the mode ${mode} sorts by score` });
}

function checkWords({ match, q }: SearchRequest): void {
  if (match === 'all' && q.split(/\s+/).length > MAX_REQUIRED_WORDS)
    throw new FilterError({ pointer: '/q', detail: `at most ${MAX_REQUIRED_WORDS} words can all be required` });
}

function checkFacet(
  { field, size, ranges }: SearchRequest['facets'][number],
  settings: IndexSettings,
  at: string,
): FacetRequest {
  const type = valueFieldType(settings, field, `${at}/field`);
  if (!ranges) return { field, size };
  if (type === 'keyword' || type === 'boolean')
    throw new FilterError({ pointer: `${at}/ranges`, detail: 'only numbers and dates have ranges' });
  const bound = (value: string | number | undefined, pointer: string): number | undefined => {
    if (value === undefined) return undefined;
    const parsed = parseValue(value, type === 'integer' ? 'number' : type);
    if (typeof parsed !== 'number') throw new FilterError({ pointer, detail: `is no bound for the type ${type}` });
    return parsed;
  };
  return {
    field,
    size,
    ranges: ranges.map(({ from, to }, i) => ({
      from: bound(from, `${at}/ranges/${i}/from`),
      to: bound(to, `${at}/ranges/${i}/to`),
    })),
  };
}
