import { join } from 'node:path';
import type { ServiceContext } from '@genai-platform/common';
import type { LlmRouterConfig } from '../config.ts';
import { Encoder } from '../engines/encoder.ts';
import { Generator } from '../engines/generator.ts';
import { EmbeddedProvider } from '../providers/embedded/embedded-provider.ts';

/** The embedded models, running. */
export interface Embedded {
  readonly provider: EmbeddedProvider;
  readonly engines: readonly (Encoder | Generator)[];
}

const ENCODER = 'bge-small-en-v1.5';
const GENERATOR = 'smollm2-135m-instruct';

/** Starts the processes of the embedded models; they load while the service begins to listen. */
export function startEmbedded(config: LlmRouterConfig, { log, clock, metrics }: ServiceContext): Embedded {
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
