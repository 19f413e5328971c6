import type { ServiceContext } from '@genai-platform/common';
import type { LlmRouterConfig } from './config.ts';
import { buildProvider } from './configuration/build-providers.ts';
import { buildRoutes } from './configuration/build-routes.ts';
import { readSettings } from './configuration/llm-settings.ts';
import { startEmbedded, type Embedded } from './configuration/start-embedded.ts';
import type { Provider } from './providers/provider.ts';
import { DecisionLog } from './routing/decision-log.ts';
import { PriceBook } from './routing/price-book.ts';
import { RouteBook } from './routing/route-book.ts';
import { createRouterMetrics } from './routing/router-metrics.ts';
import { closeProviders, Router } from './routing/router.ts';

/** What the routes work with. */
export interface Deps {
  readonly context: ServiceContext;
  readonly config: LlmRouterConfig;
  readonly router: Router;
  /** The embedded models, where they run. */
  readonly engines: Embedded['engines'];
}

/** Reads the settings, starts the embedded models and puts the router together. */
export async function createDeps(config: LlmRouterConfig, context: ServiceContext): Promise<Deps> {
  const { clock, lifecycle, metrics } = context;
  const settings = await readSettings(config.LLM_SETTINGS_FILE);
  const limits = { maxReplyBytes: config.LLM_MAX_REPLY_BYTES, clock };
  const configured = await Promise.all(settings.providers.map((provider) => buildProvider(provider, limits)));
  const embedded = config.LLM_EMBEDDED ? startEmbedded(config, context) : undefined;
  const providers: Provider[] = [...configured, ...(embedded === undefined ? [] : [embedded.provider])];
  lifecycle.onClose('providers', () => closeProviders(providers));
  const defaults = {
    deadlineMs: config.LLM_DEADLINE_MS,
    timeoutMs: config.LLM_DEADLINE_MS,
    idleTimeoutMs: config.LLM_IDLE_TIMEOUT_MS,
  };
  const router = new Router({
    book: new RouteBook(buildRoutes(settings.routes, providers, defaults), providers, defaults),
    clock,
    breaker: { failures: config.LLM_BREAKER_FAILURES, pauseMs: config.LLM_BREAKER_PAUSE_MS },
    decisions: new DecisionLog(),
    metrics: createRouterMetrics(metrics),
    prices: new PriceBook(settings.prices),
  });
  return { context, config, router, engines: embedded?.engines ?? [] };
}
