import { createTestContext, modelsFolder, startService } from '@genai-platform/common/testing';
import type { TestContextOptions, TestService } from '@genai-platform/common/testing';
import { createApp } from '../../src/app.ts';
import { LlmRouterConfig } from '../../src/config.ts';
import { createDeps } from '../../src/deps.ts';
import type { Deps } from '../../src/deps.ts';

/** A running router. */
export interface TestRouter extends TestService {
  readonly deps: Deps;
}

export interface TestRouterOptions {
  /** Variables of the environment beside the usual ones. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the embedded models run, which takes a second; true by default. */
  readonly embedded?: boolean;
  readonly context?: Partial<TestContextOptions>;
}

/** Starts the service, and waits until its embedded models have been loaded. */
export async function startRouter({
  env = {},
  embedded = true,
  context: given,
}: TestRouterOptions = {}): Promise<TestRouter> {
  const context = createTestContext({ name: 'llm-router', ...given });
  const config = LlmRouterConfig.parse({
    SERVICE_NAME: 'llm-router',
    HTTP_PORT: 0,
    IDENTITY_KEY_FILE: context.testIdentity.keyFile,
    MODELS_DIR: modelsFolder,
    LLM_EMBEDDED: String(embedded),
    ...env,
  });
  const deps = await createDeps(config, context);
  await Promise.all(deps.engines.map(({ settled }) => settled));
  return { ...(await startService(createApp(deps), context)), deps };
}
