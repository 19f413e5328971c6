import { isDeepStrictEqual } from 'node:util';
import type { Issue } from './document.ts';
import { escapePointer } from './document.ts';
import type { IndexSettings } from './settings.ts';

/**
 * What cannot be changed once an index has held documents, because segments were made by it: languages, stop words,
 * types of fields, dimensions, access control. Weights, synonyms, BM25's parameters, fusion and new fields are free.
 */
export function frozenChanges(before: IndexSettings, after: IndexSettings): Issue[] {
  const issues: Issue[] = [];
  const compare = (pointer: string, a: unknown, b: unknown, what: string): void => {
    if (!isDeepStrictEqual(a, b)) issues.push({ pointer, detail: `${what} is fixed once an index has held documents` });
  };
  compare('/language', before.language, after.language, 'the language');
  compare('/stop_words', before.stop_words, after.stop_words, 'the list of stop words');
  compare('/acl', before.acl, after.acl, 'access control');
  if (before.vector) compare('/vector', before.vector, after.vector, 'the shape of vectors');
  for (const [name, field] of Object.entries(before.fields)) {
    const pointer = `/fields/${escapePointer(name)}`;
    const next = Object.hasOwn(after.fields, name) ? after.fields[name] : undefined;
    if (!next) issues.push({ pointer, detail: 'a field cannot go once an index has held documents' });
    else {
      compare(`${pointer}/type`, field.type, next.type, 'the type of a field');
      compare(`${pointer}/language`, languageOf(field), languageOf(next), "a field's language");
    }
  }
  return issues;
}

function languageOf(field: IndexSettings['fields'][string]): string | undefined {
  return field.type === 'text' ? field.language : undefined;
}
