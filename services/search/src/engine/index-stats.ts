import type { StatsReply } from '../api/index-schemas.ts';
import { part } from '../domain/segment/segment-file.ts';
import type { Snapshot } from '../domain/segment/snapshot.ts';
import { textFields } from '../domain/settings.ts';
import type { Caller } from '../store/caller.ts';
import type { EngineParts } from './engine-parts.ts';

/** What an index consists of. @throws AppError 404 */
export async function indexStats(
  { snapshots, cache, probe }: EngineParts,
  caller: Caller,
  name: string,
): Promise<StatsReply> {
  const snapshot = await snapshots.fresh(caller, name);
  const { settings, vectorEngine: engine } = snapshot;
  const segments = snapshot.segments.map(({ segment }) => segment);
  const vectors = settings.vector && engine;
  return {
    object: 'search.stats',
    documents: snapshot.documents,
    deleted_documents: snapshot.deleted.size,
    segments: segments.length,
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    generation: snapshot.generation,
    words: (await cache.dictionaries(segments, part.words)).reduce((sum, { size }) => sum + size, 0),
    fields: await fieldStats(snapshot, cache),
    ...(vectors && {
      vectors: {
        engine: vectors,
        dimensions: settings.vector?.dimensions ?? 0,
        pgvector: (await probe.capability()).version ?? null,
      },
    }),
    cache: { bytes: Math.round(cache.bytes), hit_ratio: cache.hitRatio },
  };
}

async function fieldStats(
  { segments, settings }: Snapshot,
  cache: EngineParts['cache'],
): Promise<StatsReply['fields']> {
  const fields: StatsReply['fields'] = {};
  const held = segments.map(({ segment }) => segment);
  const documents = held.reduce((sum, segment) => sum + segment.documents, 0);
  for (const field of textFields(settings)) {
    const dictionaries = await cache.dictionaries(held, part.terms(field));
    const words = held.reduce((sum, { totals }) => sum + (totals[field] ?? 0), 0);
    fields[field] = {
      terms: dictionaries.reduce((sum, { size }) => sum + size, 0),
      average_length: documents === 0 ? 0 : words / documents,
    };
  }
  return fields;
}
