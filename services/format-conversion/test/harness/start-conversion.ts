import { createTestContext, startService } from '@genai-platform/common/testing';
import type { TestService } from '@genai-platform/common/testing';
import { createApp } from '../../src/app.ts';
import { FormatConversionConfig } from '../../src/config.ts';
import { createDeps } from '../../src/deps.ts';
import type { Deps } from '../../src/deps.ts';
import type { ConversionDatabase } from './conversion-database.ts';

/** A running service, with its own verbs. */
export interface TestConversion extends TestService {
  readonly deps: Deps;
  /** Sends a file as a form. */
  upload(path: string, file: Uint8Array, filename: string, fields?: Record<string, string>): Promise<Response>;
  /** Asks for a job until it has ended. */
  ended(jobId: string): Promise<Record<string, unknown>>;
}

export async function startConversion(
  database: ConversionDatabase,
  overrides: Partial<FormatConversionConfig> = {},
): Promise<TestConversion> {
  const context = createTestContext({ name: 'format-conversion' });
  const config: FormatConversionConfig = {
    ...FormatConversionConfig.parse({
      SERVICE_NAME: 'format-conversion',
      HTTP_PORT: 0,
      IDENTITY_KEY_FILE: context.testIdentity.keyFile,
      CONVERT_WORKERS: 1,
      ...database.config,
    }),
    ...overrides,
  };
  const deps = createDeps(config, context);
  const service = await startService(createApp(deps), context);
  return {
    ...service,
    deps,
    upload: (path, file, filename, fields = {}) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      form.set('file', new Blob([Buffer.from(file)]), filename);
      return service.fetch(path, { method: 'POST', body: form });
    },
    ended: async (jobId) => {
      for (;;) {
        const job = (await (await service.fetch(`/v1/convert/jobs/${jobId}`)).json()) as Record<string, unknown>;
        if (job.finished_at) return job;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}
