import { availableParallelism } from 'node:os';
import { DatabaseConfig, RedisConfig, ServiceConfig } from '@genai-platform/common';
import { z } from 'zod';

export { LlmSettings, providerKinds } from './configuration/llm-settings.ts';

const count = z.coerce.number().int().min(1);
const milliseconds = z.coerce.number().int().min(10).max(3_600_000);

export const LlmRouterConfig = ServiceConfig.extend({
  /** Without a database no responses are kept, and there are neither budgets nor an account of what was used. */
  ...DatabaseConfig.partial().shape,
  /** Without Redis no answers to equal requests are kept. */
  ...RedisConfig.partial().shape,
  /** How long responses are kept. */
  LLM_RESPONSES_KEEP_DAYS: count.max(3_650).default(30),
  /** Holds a folder for each embedded model. */
  MODELS_DIR: z.string().min(1).default('/app/models'),
  /** JSON file with providers, routes and prices; without one there are the embedded models alone. */
  LLM_SETTINGS_FILE: z.string().min(1).optional(),
  /** The largest reply of a provider, and the largest event of its stream. */
  LLM_MAX_REPLY_BYTES: count.min(1_024).default(64 * 1_024 * 1_024),
  /** Whether the embedded models run; without them a provider has to be configured. */
  LLM_EMBEDDED: z.stringbool().default(true),
  /** Threads of one embedded model. They wait for each other by spinning: where others work too, more are far slower. */
  LLM_ENGINE_THREADS: count.max(64).default(() => Math.min(4, Math.max(1, Math.floor(availableParallelism() / 2)))),
  /** Texts that may wait for the encoder before requests are refused. */
  LLM_ENCODER_MAX_WAITING: count.default(2_048),
  /** Texts that are generated at the same time, and requests that may wait or run before others are refused. */
  LLM_GENERATOR_SEQUENCES: count.max(32).default(2),
  LLM_GENERATOR_MAX_WAITING: count.default(32),
  /** Tokens of prompt and text together; each costs 23 kB of memory, times the sequences. */
  LLM_GENERATOR_CONTEXT_TOKENS: count.min(256).max(8_192).default(2_048),
  /** Longest text that is generated. */
  LLM_GENERATOR_MAX_TOKENS: count.max(8_192).default(512),
  /** For all attempts of a request together, until its reply is complete or its stream begins. */
  LLM_DEADLINE_MS: milliseconds.default(120_000),
  /** Longest silence between two events of a stream. */
  LLM_IDLE_TIMEOUT_MS: milliseconds.default(30_000),
  /** Failures in a row after which a target is left alone, and for how long. */
  LLM_BREAKER_FAILURES: count.default(5),
  LLM_BREAKER_PAUSE_MS: milliseconds.default(10_000),
});
export type LlmRouterConfig = z.output<typeof LlmRouterConfig>;
