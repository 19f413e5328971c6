import { AppError, get, routes } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { z } from 'zod';
import type { Deps } from '../deps.ts';

const Attempt = z.object({
  target: z.string(),
  outcome: z.enum(['answered', 'failed', 'skipped', 'abandoned']),
  reason: z.string().optional(),
  status: z.number().optional(),
  detail: z.string().optional(),
  started_ms: z.number(),
  duration_ms: z.number(),
});
const Decision = z
  .object({
    object: z.literal('router.decision'),
    id: z.string(),
    model: z.string(),
    operation: z.string(),
    strategy: z.string(),
    created_at: z.string(),
    order: z.array(z.string()),
    attempts: z.array(Attempt),
    cache: z.enum(['hit', 'semantic-hit', 'miss', 'off']),
    cache_similarity: z.number().nullable(),
    quotas: z.array(
      z.object({
        per: z.string(),
        unit: z.string(),
        period: z.string(),
        amount: z.number(),
        reserved: z.number(),
        left: z.number(),
        resets_at: z.string(),
      }),
    ),
    refused_by: z.string().nullable(),
    outcome: z.enum(['pending', 'answered', 'failed', 'broken-off', 'abandoned']),
    target: z.string().nullable(),
    broken_by: z.string().nullable(),
    duration_ms: z.number(),
    prompt_tokens: z.number(),
    completion_tokens: z.number(),
    cache_read_tokens: z.number(),
    cache_write_tokens: z.number(),
    usage_estimated: z.boolean(),
    cost_micros: z.number(),
    price_version: z.string().nullable(),
  })
  .meta({ id: 'RouterDecision' });

const Health = z
  .object({
    object: z.literal('router.health'),
    targets: z.array(z.object({ target: z.string(), state: z.string(), latency_ms: z.number().nullable() })),
    engines: z.array(
      z.object({ model: z.string(), ready: z.boolean(), problem: z.string().nullable(), waiting: z.number() }),
    ),
  })
  .meta({ id: 'RouterHealth' });

const RouteList = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        model: z.string(),
        strategy: z.string(),
        deadline_ms: z.number(),
        targets: z.array(z.object({ id: z.string(), weight: z.number(), timeout_ms: z.number() })),
      }),
    ),
  })
  .meta({ id: 'RouterRouteList' });

const spec = { tags: ['router'], scopes: ['llm:read'] } as const;

/** `/v1/router`: why a request went where it went, and how targets are doing. */
export const routerRoutes = ({ router, engines }: Pick<Deps, 'router' | 'engines'>): Route[] =>
  routes(
    get(
      '/v1/router/decisions/:id',
      {
        ...spec,
        summary: 'Explain where a request went',
        description: 'By its `x-request-id`. Each pod keeps its latest 5000.',
        params: z.object({ id: z.string().max(128) }),
        reply: Decision,
      },
      ({ params, identity }) => {
        const found = router.decisions.find(params.id, identity.tenant);
        if (found !== undefined) return { object: 'router.decision' as const, ...found, quotas: [...found.quotas] };
        throw new AppError('LLM_DECISION_MISSING', {
          status: 404,
          detail: `nothing is kept of the request "${params.id}"`,
        });
      },
    ),
    get('/v1/router/health', { ...spec, summary: 'See how targets are doing', reply: Health }, () => ({
      object: 'router.health' as const,
      targets: router.health(),
      engines: engines.map(({ model, problem, waiting }) => ({
        model,
        ready: problem === undefined,
        problem: problem ?? null,
        waiting,
      })),
    })),
    get('/v1/router/routes', { ...spec, summary: 'List the routes', reply: RouteList }, ({ identity }) => ({
      object: 'list' as const,
      data: router.books.of(identity.tenant).routes.map(({ model, strategy, deadlineMs, targets }) => ({
        model,
        strategy,
        deadline_ms: deadlineMs,
        targets: targets.map(({ id, weight, timeoutMs }) => ({ id, weight, timeout_ms: timeoutMs })),
      })),
    })),
  );
