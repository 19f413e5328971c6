import { Postgres, silentLogger, type DatabaseConfig } from '@genai-platform/common';
import { median } from './figure.ts';

const WARM_UP = 50;
/** As many as a query takes where it says nothing else. */
export const CANDIDATES = 64;

/** The median time of the graph search alone, over one connection and in one transaction. */
export async function measureGraph(config: DatabaseConfig, vectors: readonly Float32Array[]): Promise<number> {
  const db = new Postgres({ config, log: silentLogger(), name: 'yardstick' });
  const identity = { tenant: 'acme', subject: 'ada' };
  const times: number[] = [];
  await db.withTransaction({ identity, settings: { 'hnsw.ef_search': String(CANDIDATES) } }, async (tx) => {
    const table = `vectors_${(await tx.row<{ key: string }>('SELECT max(space_id) AS key FROM spaces'))?.key ?? ''}`;
    const texts = vectors.map((vector) => `[${vector.join(',')}]`);
    for (const text of [...texts.slice(0, WARM_UP), ...texts]) {
      const startedMs = performance.now();
      await tx.query(`SELECT number FROM ${table} ORDER BY embedding <=> $1::halfvec LIMIT ${CANDIDATES}`, [text]);
      times.push(performance.now() - startedMs);
    }
  });
  await db.close();
  return median(times.slice(WARM_UP));
}
