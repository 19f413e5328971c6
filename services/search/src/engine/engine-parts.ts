import type { Logger, Postgres } from '@genai-platform/common';
import type { PartCache } from '../domain/segment/part-cache.ts';
import type { VectorEngine } from '../store/index-rows.ts';
import type { VectorProbe } from '../store/vector-capability.ts';
import type { VectorStore } from '../store/vectors.ts';
import type { Merger } from './merger.ts';
import type { Views } from './search-context.ts';
import type { Snapshots } from './snapshots.ts';

/** What the parts of the engine share. */
export interface EngineParts {
  readonly db: Postgres;
  readonly log: Logger;
  readonly snapshots: Snapshots;
  readonly views: Views;
  readonly cache: PartCache;
  readonly merger: Merger;
  readonly vectors: Readonly<Record<VectorEngine, VectorStore>>;
  readonly probe: VectorProbe;
}
