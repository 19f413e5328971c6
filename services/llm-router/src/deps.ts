import { connectRedis, DatabaseConfig, Postgres, RedisConfig } from '@genai-platform/common';
import type { ServiceContext } from '@genai-platform/common';
import { AnswerBook } from './cache/answer-book.ts';
import { AnswerCache } from './cache/answer-cache.ts';
import { SemanticCache } from './cache/semantic-cache.ts';
import type { LlmRouterConfig } from './config.ts';
import { buildProvider } from './configuration/build-providers.ts';
import { buildRoutes } from './configuration/build-routes.ts';
import { readSettings, type LlmSettings } from './configuration/llm-settings.ts';
import { startEmbedded, type Embedded } from './configuration/start-embedded.ts';
import type { Provider } from './providers/provider.ts';
import { openQuotas, type Quotas } from './quotas/open-quotas.ts';
import { BackgroundResponses } from './responses/background-responses.ts';
import { DecisionLog } from './routing/decision-log.ts';
import { PriceBook } from './routing/price-book.ts';
import { RouteBooks } from './routing/route-books.ts';
import { createRouterMetrics } from './routing/router-metrics.ts';
import { closeProviders, Router } from './routing/router.ts';
import { TargetStates } from './routing/target-states.ts';
import { ResponseStore } from './store/response-store.ts';

/** What the routes work with. */
export interface Deps {
  readonly context: ServiceContext;
  readonly config: LlmRouterConfig;
  readonly router: Router;
  /** The embedded models, where they run. */
  readonly engines: Embedded['engines'];
  /** All of these are absent without a database. */
  readonly database?: Postgres | undefined;
  readonly quotas?: Quotas | undefined;
  readonly responses?: ResponseStore | undefined;
  readonly background?: BackgroundResponses | undefined;
  readonly semantic?: SemanticCache | undefined;
}

/** Reads the settings, starts the embedded models and puts the router together. */
export async function createDeps(config: LlmRouterConfig, context: ServiceContext): Promise<Deps> {
  const { clock, lifecycle } = context;
  const settings = await readSettings(config.LLM_SETTINGS_FILE);
  const limits = { maxReplyBytes: config.LLM_MAX_REPLY_BYTES, clock };
  const configured = await Promise.all(settings.providers.map((provider) => buildProvider(provider, limits)));
  const embedded = config.LLM_EMBEDDED ? startEmbedded(config, context) : undefined;
  const providers: Provider[] = [...configured, ...(embedded === undefined ? [] : [embedded.provider])];
  lifecycle.onClose('providers', () => closeProviders(providers));
  const database = openDatabase(config, context);
  const quotas = database && openQuotas(database, quotaSettings(settings), context);
  const semantic = openSemanticCache(settings, { database, embedded, context });
  const exact = openExactCache(settings, config, context);
  const router = new Router({
    ...routerParts(config, settings, { providers, context }),
    gate: quotas?.gate,
    usage: quotas?.usage,
    ...((exact ?? semantic) && { answers: new AnswerBook({ exact, semantic }) }),
  });
  const kept = openResponses(config, { database, router, context });
  return { context, config, router, engines: embedded?.engines ?? [], database, quotas, semantic, ...kept };
}

function routerParts(
  config: LlmRouterConfig,
  settings: LlmSettings,
  { providers, context: { clock, metrics } }: { providers: readonly Provider[]; context: ServiceContext },
) {
  const defaults = {
    deadlineMs: config.LLM_DEADLINE_MS,
    timeoutMs: config.LLM_DEADLINE_MS,
    idleTimeoutMs: config.LLM_IDLE_TIMEOUT_MS,
  };
  const breaker = { failures: config.LLM_BREAKER_FAILURES, pauseMs: config.LLM_BREAKER_PAUSE_MS };
  return {
    books: new RouteBooks({
      routes: buildRoutes(settings.routes, providers, defaults),
      providers,
      tenantsOf: tenantsOf(settings),
      defaults,
    }),
    clock,
    states: new TargetStates(breaker, clock),
    decisions: new DecisionLog(),
    metrics: createRouterMetrics(metrics),
    prices: new PriceBook(settings.prices),
  };
}

/** Of the providers that are not everybody's. */
function tenantsOf({ providers }: LlmSettings): ReadonlyMap<string, readonly string[]> {
  return new Map(providers.flatMap(({ name, tenants }) => (tenants === undefined ? [] : [[name, tenants] as const])));
}

function openDatabase(config: LlmRouterConfig, { log, metrics, lifecycle }: ServiceContext): Postgres | undefined {
  if (config.DATABASE_HOST === undefined) return undefined;
  const database = new Postgres({ config: DatabaseConfig.parse(config), log, name: 'llm-router', metrics });
  lifecycle.onClose('database', () => database.close());
  return database;
}

function quotaSettings({ quotas, quotas_without_database: without }: LlmSettings): Parameters<typeof openQuotas>[1] {
  return { quotas, openWithoutDatabase: without === 'allow' };
}

function openExactCache(
  { caches: { exact } }: LlmSettings,
  config: LlmRouterConfig,
  { log, lifecycle }: ServiceContext,
): AnswerCache | undefined {
  if (exact === undefined) return undefined;
  if (config.REDIS_HOST === undefined) throw new Error('the exact cache of the settings needs Redis: REDIS_HOST');
  const redis = connectRedis({ config: RedisConfig.parse(config), log, name: 'llm-router' });
  lifecycle.onClose('cache', () => redis.disconnect());
  return new AnswerCache({ redis, ttlSeconds: exact.ttl_seconds, log });
}

function openSemanticCache(
  { caches: { semantic } }: LlmSettings,
  {
    database: db,
    embedded,
    context,
  }: { database: Postgres | undefined; embedded: Embedded | undefined; context: ServiceContext },
): SemanticCache | undefined {
  if (semantic === undefined) return undefined;
  if (db === undefined || embedded === undefined) {
    throw new Error('the semantic cache of the settings needs a database and the embedded models');
  }
  const { threshold, ttl_seconds: ttlSeconds, tenants } = semantic;
  const { encoder } = embedded.provider;
  return new SemanticCache({ db, encoder, threshold, ttlSeconds, tenants, log: context.log });
}

function openResponses(
  config: LlmRouterConfig,
  { database, router, context }: { database: Postgres | undefined; router: Router; context: ServiceContext },
): Pick<Deps, 'responses' | 'background'> {
  if (database === undefined) return {};
  const responses = new ResponseStore(database, config.LLM_RESPONSES_KEEP_DAYS);
  const background = new BackgroundResponses({ router, store: responses, log: context.log });
  context.lifecycle.onClose('responses in the background', () => background.close());
  return { responses, background };
}
