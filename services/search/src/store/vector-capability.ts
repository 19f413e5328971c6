import type { Logger, Postgres } from '@genai-platform/common';
import type { VectorSettings } from '../domain/settings.ts';
import type { VectorEngine } from './index-rows.ts';
import { MAX_HNSW_DIMENSIONS } from './pgvector-store.ts';

/** Iterative scans, without which filtered searches find too few, came with this version. */
const FIRST_VERSION = [0, 8] as const;

/** What the database can do with vectors. */
export interface VectorCapability {
  /** Whether pgvector is there, new enough to be used. */
  readonly graph: boolean;
  readonly version: string | undefined;
}

/** Finds out what the database can do, once it answers: the service starts also while the database does not. */
export class VectorProbe {
  readonly #db: Postgres;
  readonly #log: Logger;
  #known: VectorCapability | undefined;

  constructor(db: Postgres, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  /** @throws AppError 503 while the database cannot be reached */
  async capability(): Promise<VectorCapability> {
    if (this.#known) return this.#known;
    const [row] = await this.#db.rows<{ extversion: string }>(
      { readOnly: true },
      "SELECT extversion FROM pg_extension WHERE extname = 'vector'",
    );
    this.#known = { graph: row !== undefined && isRecent(row.extversion), version: row?.extversion };
    this.#log.info({ pgvector: this.#known.version ?? 'missing', graph: this.#known.graph }, 'vector capability');
    return this.#known;
  }
}

/** How a new index compares vectors. */
export function vectorEngine(settings: VectorSettings, { graph }: VectorCapability): VectorEngine {
  return graph && settings.dimensions <= MAX_HNSW_DIMENSIONS ? 'hnsw' : 'exact';
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > FIRST_VERSION[0] || (major === FIRST_VERSION[0] && minor >= FIRST_VERSION[1]);
}
