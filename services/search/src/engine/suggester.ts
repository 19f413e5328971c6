import type { Identity } from '@genai-platform/common';
import { planQuery } from '../domain/query/plan-query.ts';
import { suggestWords } from '../domain/query/suggest.ts';
import { textFields } from '../domain/settings.ts';
import type { EngineParts } from './engine-parts.ts';
import { principalsOf } from './principals.ts';

export interface SuggestRequest {
  readonly q: string;
  readonly limit: number;
  readonly typo: boolean;
  readonly principals?: readonly string[] | undefined;
}

export interface Suggestion {
  /** The query with its last word completed. */
  readonly text: string;
  readonly word: string;
  /** Visible documents that hold the word together with the words before it. */
  readonly documents: number;
  /** Letters between what was typed and the beginning of the word. */
  readonly edits: number;
}

/** Completes the last word of a query from the words of the documents that the caller may see. @throws AppError 403, 404 */
export async function suggest(
  { snapshots, views, cache }: EngineParts,
  identity: Identity,
  { name, request }: { name: string; request: SuggestRequest },
): Promise<Suggestion[]> {
  const principals = principalsOf(identity, request.principals);
  const snapshot = await snapshots.fresh(identity, name);
  const [, before = '', typed = ''] = /^(.*?)([\p{L}\p{M}\p{N}'’]*)$/su.exec(request.q) ?? [];
  const { analyzers, synonyms, settings } = snapshot;
  const [analyzer] = analyzers.values();
  if (!analyzer || typed === '') return [];
  const { visible } = await views.open(identity, snapshot, principals);
  const context = planQuery(before, { analyzers, synonyms, fields: textFields(settings) }).clauses;
  const input = { context, prefix: analyzer.form(typed).word, typos: request.typo, limit: request.limit };
  const words = await suggestWords(input, visible, cache);
  return words.map(({ word, documents, edits }) => ({ text: before + word, word, documents, edits }));
}
