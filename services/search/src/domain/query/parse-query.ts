/** A piece of the query text. */
export interface QueryPart {
  readonly kind: 'words' | 'phrase';
  readonly text: string;
  readonly excluded: boolean;
}

const PART = /(-?)"([^"]*)"|(\S+)/gu;

/**
 * Splits a query into words, "quoted phrases" and -exclusions. Nothing is a syntax error: a lone quote or dash is
 * text like any other, because people type queries, not programs.
 */
export function parseQuery(text: string): QueryPart[] {
  const parts: QueryPart[] = [];
  for (const [, dash, phrase, word] of text.matchAll(PART)) {
    if (phrase !== undefined) {
      if (phrase.trim() !== '') parts.push({ kind: 'phrase', text: phrase, excluded: dash === '-' });
    } else if (word !== undefined) {
      const excluded = word.length > 1 && word.startsWith('-');
      parts.push({ kind: 'words', text: excluded ? word.slice(1) : word, excluded });
    }
  }
  return parts;
}
