import { SsrfGuard, type ServiceContext } from '@genai-platform/common';
import type { FormatConversionConfig } from './config.ts';
import { Converter } from './converter.ts';
import { defaultLimits } from './domain/limits.ts';
import { ConversionPool } from './pool/conversion-pool.ts';

/** What the routes work with. */
export interface Deps {
  readonly context: ServiceContext;
  readonly config: FormatConversionConfig;
  readonly guard: SsrfGuard;
  readonly converter: Converter;
}

export async function createDeps(config: FormatConversionConfig, context: ServiceContext): Promise<Deps> {
  const { lifecycle, metrics } = context;
  const pool = new ConversionPool(new URL('./worker.ts', import.meta.url), {
    workers: config.CONVERT_WORKERS,
    maxQueue: config.CONVERT_QUEUE_MAX,
    deadlineMs: config.CONVERT_DEADLINE_SECONDS * 1_000,
    memoryBytes: config.CONVERT_WORKER_MEMORY_BYTES,
    heapMebibytes: Math.ceil(config.CONVERT_WORKER_MEMORY_BYTES / 1024 / 1024),
    recycleAfter: config.CONVERT_RECYCLE_AFTER,
  });
  lifecycle.onClose('workers', () => pool.close());
  const guard = new SsrfGuard();
  lifecycle.onClose('addresses', () => guard.close());
  const limits = { ...defaultLimits, pages: config.CONVERT_MAX_PAGES };
  return { context, config, guard, converter: new Converter({ pool, limits, metrics }) };
}
