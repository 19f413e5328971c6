import { join } from 'node:path';
import type { ServiceContext } from '@genai-platform/common';
import type { LlmRouterConfig } from './config.ts';
import { Encoder } from './engines/encoder.ts';
import { Generator } from './engines/generator.ts';
import { EmbeddedProvider } from './providers/embedded/embedded-provider.ts';
import type { Provider } from './providers/provider.ts';
import { DecisionLog } from './routing/decision-log.ts';
import { RouteBook } from './routing/route-book.ts';
import { createRouterMetrics } from './routing/router-metrics.ts';
import { closeProviders, Router } from './routing/router.ts';

/** What the routes work with. */
export interface Deps {
  readonly context: ServiceContext;
  readonly config: LlmRouterConfig;
  readonly router: Router;
  /** The embedded models, where they run. */
  readonly engines: readonly (Encoder | Generator)[];
}

const ENCODER = 'bge-small-en-v1.5';
const GENERATOR = 'smollm2-135m-instruct';

/** Starts the embedded models and puts the router together. */
export function createDeps(config: LlmRouterConfig, context: ServiceContext): Deps {
  const { clock, lifecycle, metrics } = context;
  const embedded = config.LLM_EMBEDDED ? startEmbedded(config, context) : undefined;
  const providers: Provider[] = [...(embedded === undefined ? [] : [embedded.provider])];
  lifecycle.onClose('providers', () => closeProviders(providers));
  const defaults = {
    deadlineMs: config.LLM_DEADLINE_MS,
    timeoutMs: config.LLM_DEADLINE_MS,
    idleTimeoutMs: config.LLM_IDLE_TIMEOUT_MS,
  };
  const router = new Router({
    book: new RouteBook([], providers, defaults),
    clock,
    breaker: { failures: config.LLM_BREAKER_FAILURES, pauseMs: config.LLM_BREAKER_PAUSE_MS },
    decisions: new DecisionLog(),
    metrics: createRouterMetrics(metrics),
    costOf: () => undefined,
  });
  return { context, config, router, engines: embedded?.engines ?? [] };
}

function startEmbedded(
  config: LlmRouterConfig,
  { log, clock, metrics }: ServiceContext,
): { provider: EmbeddedProvider; engines: (Encoder | Generator)[] } {
  const place = (model: string): { model: string; folder: string; threads: number } => ({
    model,
    folder: join(config.MODELS_DIR, model),
    threads: config.LLM_ENGINE_THREADS,
  });
  const encoder = new Encoder({ ...place(ENCODER), maxWaiting: config.LLM_ENCODER_MAX_WAITING, log }).start();
  const generator = new Generator({
    ...place(GENERATOR),
    sequences: config.LLM_GENERATOR_SEQUENCES,
    contextTokens: config.LLM_GENERATOR_CONTEXT_TOKENS,
    maxWaiting: config.LLM_GENERATOR_MAX_WAITING,
    log,
  }).start();
  metrics.gauge({
    name: 'engine_waiting_items',
    help: 'Texts that wait for an embedded model or are worked on',
    labels: ['model'],
    collect: (gauge) => {
      for (const { model, waiting } of [encoder, generator]) gauge.set({ model }, waiting);
    },
  });
  const provider = new EmbeddedProvider({
    encoder,
    generator,
    maxTokens: config.LLM_GENERATOR_MAX_TOKENS,
    now: () => clock.now(),
  });
  return { provider, engines: [encoder, generator] };
}
