import type { Analyzer } from '@genai-platform/common/retrieval';
import type { HitReply } from '../api/search-reply.ts';
import type { SearchRequest } from '../api/search-request.ts';
import type { RankedQuery } from '../domain/lexical-search.ts';
import type { PlacedTerm } from '../domain/query/clause.ts';
import { highlight } from '../domain/results/highlight.ts';
import type { Snapshot } from '../domain/segment/snapshot.ts';

type Highlights = NonNullable<HitReply['highlights']>;

/** Shows where a document's fields match the query. The document is one that the caller may see. */
export function highlightDocument(
  fields: Readonly<Record<string, unknown>>,
  query: RankedQuery,
  { options, snapshot }: { options: NonNullable<SearchRequest['highlight']>; snapshot: Snapshot },
): Highlights {
  const names = options.fields ?? Object.keys(query.weights);
  return names.flatMap((field) => {
    const analyzer = snapshot.analyzers.get(field);
    const value = fields[field];
    const texts: unknown[] = Array.isArray(value) ? value : [value];
    const wanted = wantedIn(field, query);
    if (!analyzer || wanted.length === 0) return [];
    return texts.flatMap((text, index) => highlightText(text, { field, value: index, analyzer, wanted, options }));
  });
}

function highlightText(
  text: unknown,
  {
    field,
    value,
    analyzer,
    wanted,
    options,
  }: {
    field: string;
    value: number;
    analyzer: Analyzer;
    wanted: readonly (readonly PlacedTerm[])[];
    options: NonNullable<SearchRequest['highlight']>;
  },
): Highlights {
  if (typeof text !== 'string') return [];
  const fragments = highlight(text, analyzer, wanted, options);
  return fragments.length === 0 ? [] : [{ field, value, fragments: fragments.map(toReply) }];
}

function toReply(fragment: ReturnType<typeof highlight>[number]): Highlights[number]['fragments'][number] {
  return { ...fragment, spans: [...fragment.spans] };
}

/** The terms and phrases that the query looks for in a field. */
function wantedIn(field: string, { clauses }: RankedQuery): (readonly PlacedTerm[])[] {
  return (clauses ?? []).flatMap(({ alternatives }) =>
    alternatives.filter(({ fields }) => fields.includes(field)).map(({ terms }) => terms),
  );
}
