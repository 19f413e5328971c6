import type { Identity } from '@genai-platform/common';
import type { SearchRequest } from '../api/search-request.ts';
import type { Explanation } from '../domain/explain.ts';
import { explainDocument } from '../domain/explain.ts';
import { prepareQuery } from '../domain/query/prepare-query.ts';
import { documentMissing, indexMissing } from '../errors.ts';
import { findDocument } from '../store/document-rows.ts';
import { checkRequest } from './check-request.ts';
import type { EngineParts } from './engine-parts.ts';
import { principalsOf } from './principals.ts';

/** Explains how one document is ranked by words. @throws AppError 400, 403, 404 */
export async function explain(
  { db, snapshots, views, cache }: EngineParts,
  identity: Identity,
  { name, id, request }: { name: string; id: string; request: SearchRequest },
): Promise<Explanation> {
  const principals = principalsOf(identity, request.principals);
  const found = await findDocument(db, identity, name, id);
  if (!found) throw indexMissing(name);
  const snapshot = await snapshots.fresh(identity, name);
  checkRequest(request, snapshot.settings);
  const context = await views.open(identity, snapshot, principals);
  const { q: text, match, fields: weights, typo: typos, prefix } = request;
  const query = await prepareQuery({ text, match, weights, typos, prefix }, context);
  const within = { visible: context.visible, settings: snapshot.settings, parts: cache };
  const explanation = found.document && (await explainDocument(query, found.document.number, within));
  if (!explanation) throw documentMissing(id);
  return explanation;
}
