import type { Analyzer } from '@genai-platform/common/retrieval';
import type { FieldAnalyzers } from '../analysis/field-analyzers.ts';
import type { Alternative, Clause, PlacedTerm, QueryPlan } from './clause.ts';
import type { QueryPart } from './parse-query.ts';
import { parseQuery } from './parse-query.ts';
import type { Synonyms } from './synonyms.ts';

/** Words that "all words required" can tell apart: one bit each of a 32-bit mask without its sign. */
export const MAX_REQUIRED_WORDS = 31;

export interface PlanInput {
  readonly analyzers: FieldAnalyzers;
  /** The fields to search. */
  readonly fields: readonly string[];
  readonly synonyms: Synonyms;
}

interface Slot {
  readonly clause: Clause;
  /** The term under the first field's analyzer: what synonym rules are compared with. */
  readonly term: string;
}

/** Turns a query's text into clauses: analysis by each field's own analyzer, phrases, exclusions, synonyms. */
export function planQuery(text: string, input: PlanInput): QueryPlan {
  const parts = parseQuery(text);
  const slots: Slot[] = [];
  const phrases: Clause[] = [];
  let next = 0;
  for (const part of parts.filter(({ excluded }) => !excluded)) {
    if (part.kind === 'words') slots.push(...wordSlots(part.text, input, () => bit(next++)));
    else phrases.push(...phraseClauses(part, input, bit(next++)));
  }
  const clauses = [...slots.map(({ clause }) => clause), ...phrases];
  return {
    clauses: mergeRepeated([...withSynonyms(slots, input), ...phrases]),
    excluded: parts.filter(({ excluded }) => excluded).flatMap((part) => phraseClauses(part, input, 0)),
    slots: clauses.reduce((mask, clause) => mask | clause.slots, 0),
  };
}

/** Beyond the last bit words are optional; callers that require all words refuse longer queries. */
function bit(index: number): number {
  return index < MAX_REQUIRED_WORDS ? 2 ** index : 0;
}

function wordSlots(text: string, input: PlanInput, nextBit: () => number): Slot[] {
  const tokens: { start: number; end: number }[] = [];
  const first = firstAnalyzer(input);
  first?.analyze(text, (_form, start, end) => tokens.push({ start, end }));
  return tokens.flatMap(({ start, end }) => {
    const token = text.slice(start, end);
    const alternatives = alternativesByTerm(input, (analyzer) => {
      const { term } = analyzer.form(token);
      return term === undefined ? [] : [{ term, offset: 0 }];
    });
    const [head] = alternatives;
    if (!head) return [];
    const clause = { slots: nextBit(), boost: 1, alternatives, label: token };
    return [{ clause, term: (head.terms[0] as PlacedTerm).term }];
  });
}

function phraseClauses(part: QueryPart, input: PlanInput, slots: number): Clause[] {
  const alternatives = alternativesByTerm(input, (analyzer) => placedTerms(part.text, analyzer));
  return alternatives.length === 0 ? [] : [{ slots, boost: 1, alternatives, label: part.text }];
}

/** One alternative for each distinct analysis, with the fields that share it. */
function alternativesByTerm(input: PlanInput, analyze: (analyzer: Analyzer) => PlacedTerm[]): Alternative[] {
  const byTerms = new Map<string, { terms: PlacedTerm[]; fields: string[] }>();
  for (const field of input.fields) {
    const terms = analyze(input.analyzers.get(field) as Analyzer);
    if (terms.length === 0) continue;
    const key = JSON.stringify(terms);
    const known = byTerms.get(key) ?? { terms, fields: [] };
    known.fields.push(field);
    byTerms.set(key, known);
  }
  return [...byTerms.values()].map(({ terms, fields }) => ({ terms, fields, weight: 1 }));
}

/** The terms of a phrase; stop words leave a gap, so "state of the art" needs two words between its ends. */
function placedTerms(text: string, analyzer: Analyzer): PlacedTerm[] {
  const terms: { term: string; position: number }[] = [];
  analyzer.analyze(text, ({ term }, _start, _end, position) => {
    if (term !== undefined) terms.push({ term, position });
  });
  const first = terms[0]?.position ?? 0;
  return terms.map(({ term, position }) => ({ term, offset: position - first }));
}

/** Adds to each word what may be said instead, and a clause for each run of words that a rule names. */
function withSynonyms(slots: readonly Slot[], { synonyms, fields }: PlanInput): Clause[] {
  const clauses = slots.map(({ clause, term }) => {
    const extra = synonyms.of([term]).map((target) => phraseAlternative(target, fields));
    return extra.length === 0 ? clause : { ...clause, alternatives: [...clause.alternatives, ...extra] };
  });
  for (let length = 2; length <= synonyms.longest; length++)
    for (let start = 0; start + length <= slots.length; start++) {
      const run = slots.slice(start, start + length);
      const targets = synonyms.of(run.map(({ term }) => term));
      if (targets.length === 0) continue;
      clauses.push({
        slots: run.reduce((mask, { clause }) => mask | clause.slots, 0),
        boost: 1,
        alternatives: targets.map((target) => phraseAlternative(target, fields)),
        label: run.map(({ clause }) => clause.label).join(' '),
      });
    }
  return clauses;
}

function phraseAlternative(terms: readonly string[], fields: readonly string[]): Alternative {
  return { terms: terms.map((term, offset) => ({ term, offset })), fields, weight: 1 };
}

/** A word said twice is one clause that counts double, which is BM25's query term frequency. */
function mergeRepeated(clauses: readonly Clause[]): Clause[] {
  const merged = new Map<string, Clause>();
  for (const clause of clauses) {
    const key = JSON.stringify(clause.alternatives);
    const known = merged.get(key);
    merged.set(
      key,
      known ? { ...known, slots: known.slots | clause.slots, boost: known.boost + clause.boost } : clause,
    );
  }
  return [...merged.values()];
}

function firstAnalyzer(input: PlanInput): Analyzer | undefined {
  const [field] = input.fields;
  return field === undefined ? undefined : input.analyzers.get(field);
}
