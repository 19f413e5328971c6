import type { Identity } from '@genai-platform/common';
import type { HitReply, SearchReply } from '../api/search-reply.ts';
import type { SearchRequest } from '../api/search-request.ts';
import type { RankedQuery } from '../domain/lexical-search.ts';
import { prepareQuery } from '../domain/query/prepare-query.ts';
import { SegmentGone } from '../domain/segment/segment.ts';
import type { Snapshot } from '../domain/segment/snapshot.ts';
import { cursorInvalid, indexMissing } from '../errors.ts';
import type { FetchedDocuments } from '../store/document-rows.ts';
import { fetchDocuments } from '../store/document-rows.ts';
import type { EngineParts } from './engine-parts.ts';
import { checkRequest } from './check-request.ts';
import { decodeCursor, encodeCursor, fingerprint } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { facetReplies } from './facet-reply.ts';
import { highlightDocument } from './highlights.ts';
import { principalsOf } from './principals.ts';
import { rankHybrid } from './rank-hybrid.ts';
import { rankLexical } from './rank-lexical.ts';
import { rankVector } from './rank-vector.ts';
import type { Ranking, RankingInput } from './ranking.ts';

const RANKERS = { lexical: rankLexical, vector: rankVector, hybrid: rankHybrid };
const MAX_ATTEMPTS = 4;

interface Ranked {
  readonly ranking: Ranking;
  readonly snapshot: Snapshot;
  readonly before: number;
}

/** Answers searches on the current state of an index, whichever process wrote it last. */
export class Searcher {
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /**
   * Ranks on the state last known and fetches the hits; the fetch says whether that state is still current, and if not,
   * all is done again on the new one. So a search costs one statement while nobody writes, and still sees every write
   * that was acknowledged before it began.
   *
   * @throws AppError 400, 403, 404
   */
  async search(identity: Identity, name: string, request: SearchRequest): Promise<SearchReply> {
    const startedAtMs = performance.now();
    const principals = principalsOf(identity, request.principals);
    const { db, snapshots } = this.#parts;
    let snapshot = await snapshots.known(identity, name);
    for (let attempt = 1; ; attempt++) {
      const ranked = await this.#rank({ identity, principals, request, snapshot }).catch(async (error: unknown) => {
        // A request may fit the index as it is now although it did not fit the state last known.
        const current = await snapshots.current(identity, name);
        if (attempt > 1 || current.generation === snapshot.generation) throw error;
        return await this.#rank({ identity, principals, request, snapshot: current });
      });
      const numbers = ranked.ranking.hits.map(({ number }) => number);
      const fields = request.highlight !== undefined || request.return_fields?.length !== 0;
      const fetched = await fetchDocuments(db, identity, name, { numbers, fields });
      if (!fetched) throw indexMissing(name);
      if (isSettled(fetched, ranked, attempt)) return reply(request, ranked, fetched, startedAtMs);
      snapshot = await snapshots.current(identity, name);
    }
  }

  async #rank(given: {
    identity: Identity;
    principals: readonly string[];
    request: SearchRequest;
    snapshot: Snapshot;
  }): Promise<Ranked> {
    const { identity, principals, request } = given;
    const { views, vectors, snapshots } = this.#parts;
    let { snapshot } = given;
    for (let attempt = 1; ; attempt++)
      try {
        const checked = checkRequest(request, snapshot.settings);
        const context = await views.open(identity, snapshot, principals);
        const cursor = openCursor(request, snapshot);
        const query = cursor?.query ?? (await prepare(request, context));
        const before = cursor?.before ?? snapshot.nextNumber;
        const input: RankingInput = { request, checked, query, before, after: cursor?.after, context, vectors };
        return { ranking: await RANKERS[request.mode](input), snapshot, before };
      } catch (error) {
        // A merge took a segment away under the search.
        if (!(error instanceof SegmentGone) || attempt >= MAX_ATTEMPTS) throw error;
        snapshot = await snapshots.current(identity, snapshot.name);
      }
  }
}

async function prepare(request: SearchRequest, context: RankingInput['context']): Promise<RankedQuery> {
  const { q, match, fields, typo, prefix } = request;
  return await prepareQuery({ text: q, match, weights: fields, typos: typo, prefix }, context);
}

function openCursor(request: SearchRequest, snapshot: Snapshot): Cursor | undefined {
  if (request.cursor === undefined) return undefined;
  const cursor = decodeCursor(request.cursor, fingerprintOf(request));
  if (cursor.indexId !== snapshot.indexId) throw cursorInvalid('the index was made anew since');
  return cursor;
}

/** A page may have another size than the one before, and show other things of its documents. */
function fingerprintOf({
  limit: _l,
  cursor: _c,
  highlight: _h,
  return_fields: _r,
  facets: _f,
  ...rest
}: SearchRequest): string {
  return fingerprint(rest);
}

/**
 * Whether the hits are those of the state that was ranked. Under steady writing a state may be old again when it has
 * been ranked; then it is enough that it was read after the search began and that no hit has gone since.
 */
function isSettled(fetched: FetchedDocuments, { ranking, snapshot }: Ranked, attempt: number): boolean {
  if (fetched.indexId === snapshot.indexId && fetched.generation === snapshot.generation) return true;
  const complete = ranking.hits.every(({ number }) => fetched.documents.has(number));
  return attempt >= MAX_ATTEMPTS || (attempt > 1 && complete && fetched.indexId === snapshot.indexId);
}

function reply(
  request: SearchRequest,
  ranked: Ranked,
  { documents }: FetchedDocuments,
  startedAtMs: number,
): SearchReply {
  const { ranking, snapshot } = ranked;
  const data = ranking.hits.flatMap(({ number, score, legs }): HitReply[] => {
    const document = documents.get(number);
    if (!document) return [];
    const { highlight, return_fields: returned } = request;
    const { id, fields } = document;
    return [
      {
        id,
        score,
        fields: returned ? pick(fields, returned) : fields,
        ...(highlight && { highlights: highlightDocument(fields, ranking.query, { options: highlight, snapshot }) }),
        ...(legs && { legs }),
      },
    ];
  });
  return {
    object: 'list',
    data,
    total: ranking.total,
    has_more: ranking.more,
    next_cursor: ranking.more ? nextCursor(request, ranked) : null,
    facets: facetReplies(request.facets, ranking.facets, snapshot.settings),
    corrections: ranking.query.corrections.map(({ from, to }) => ({ from, to: [...to] })),
    mode: request.mode,
    ...(request.mode !== 'lexical' && { vector_engine: snapshot.vectorEngine }),
    ...(ranking.fusion && { fusion: ranking.fusion }),
    took_ms: Math.round((performance.now() - startedAtMs) * 1_000) / 1_000,
  };
}

function nextCursor(request: SearchRequest, { ranking, snapshot, before }: Ranked): string {
  const { number, score, keys } = ranking.hits.at(-1) as Ranking['hits'][number];
  return encodeCursor({
    request: fingerprintOf(request),
    indexId: snapshot.indexId,
    before,
    after: { number, score, keys },
    query: ranking.query,
  });
}

function pick(fields: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => Object.hasOwn(fields, name)).map((name) => [name, fields[name]]));
}
