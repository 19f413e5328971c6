import type { FormatConversionConfig } from '../config.ts';
import { ConversionPool } from './conversion-pool.ts';

type PoolConfig = Pick<
  FormatConversionConfig,
  | 'CONVERT_WORKERS'
  | 'CONVERT_QUEUE_MAX'
  | 'CONVERT_DEADLINE_SECONDS'
  | 'CONVERT_WORKER_MEMORY_BYTES'
  | 'CONVERT_RECYCLE_AFTER'
>;

const MEBIBYTE = 1024 * 1024;
/** What the service itself needs beside its workers. */
const SERVICE_BYTES = 160 * MEBIBYTE;
const MOST_BYTES = 512 * MEBIBYTE;
const LEAST_BYTES = 128 * MEBIBYTE;

/** The pool that the configuration asks for. */
export function createPool(config: PoolConfig): ConversionPool {
  return new ConversionPool(new URL('../worker.ts', import.meta.url), {
    workers: config.CONVERT_WORKERS,
    maxQueue: config.CONVERT_QUEUE_MAX,
    deadlineMs: config.CONVERT_DEADLINE_SECONDS * 1_000,
    memoryBytes:
      config.CONVERT_WORKER_MEMORY_BYTES ?? workerMemory(config.CONVERT_WORKERS, process.constrainedMemory()),
    recycleAfter: config.CONVERT_RECYCLE_AFTER,
  });
}

/**
 * What a worker may take so that all of them fit into the container beside the service: the kernel would end the
 * whole container otherwise. `limit` is 0 or beyond all measure where there is none.
 */
export function workerMemory(workers: number, limit: number): number {
  const share = limit > 0 && limit < Number.MAX_SAFE_INTEGER ? (limit - SERVICE_BYTES) / workers : MOST_BYTES;
  return Math.max(LEAST_BYTES, Math.min(MOST_BYTES, Math.floor(share)));
}
