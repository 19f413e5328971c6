import { AppError, get, put, routes } from '@genai-platform/common';
import type { Identity, Route } from '@genai-platform/common';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import type { Quotas } from '../quotas/open-quotas.ts';
import {
  periodAt,
  quotaOwners,
  quotaPeriods,
  quotaSubject,
  quotaUnits,
  type Quota,
  type QuotaCaller,
} from '../quotas/quota.ts';
import { usageGroups } from '../store/usage-store.ts';

const Quota = z
  .object({
    /** Whether the use of the whole tenant is added up, that of each user, or that of each API key. */
    per: z.enum(quotaOwners),
    /** `micros` are millionths of the currency of the price table. */
    unit: z.enum(quotaUnits),
    period: z.enum(quotaPeriods),
    amount: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  })
  .meta({ id: 'Quota' });

const Standing = Quota.extend({
  /** Spent, or set aside for requests that are being answered. */
  used: z.number(),
  left: z.number(),
  resets_at: z.string(),
}).meta({ id: 'QuotaStanding' });

const Budgets = z
  .object({ object: z.literal('budgets'), tenant: z.string(), data: z.array(Standing) })
  .meta({ id: 'Budgets' });
const Usage = z
  .object({
    object: z.literal('list'),
    group_by: z.string(),
    data: z.array(
      z.object({
        group: z.string(),
        requests: z.number(),
        failures: z.number(),
        cache_hits: z.number(),
        prompt_tokens: z.number(),
        completion_tokens: z.number(),
        /** Of the prompt's: what providers had in their caches, and what they have there now. */
        cache_read_tokens: z.number(),
        cache_write_tokens: z.number(),
        /** Requests whose tokens no provider told. */
        estimated: z.number(),
        cost_micros: z.number(),
      }),
    ),
  })
  .meta({ id: 'UsageReport' });

const TenantParams = z.object({ tenant: z.string().min(1).max(256) });
const DAY_MS = 86_400_000;

type Parts = Pick<Deps, 'quotas' | 'context'>;

/** `/v1/budgets` and `/v1/usage`. */
export const budgetRoutes = (deps: Parts): Route[] => [...quotaRoutes(deps), ...usageRoutes(deps)];

const quotaRoutes = ({ quotas, context }: Parts): Route[] =>
  routes(
    get(
      '/v1/budgets',
      { summary: 'See what may still be used', tags: ['budgets'], scopes: ['llm:read'], reply: Budgets },
      async ({ identity }) => await standingOf(required(quotas), identity, context.clock.now()),
    ),
    get(
      '/v1/budgets/:tenant',
      {
        summary: 'See the budgets of a tenant',
        tags: ['budgets'],
        scopes: ['llm:admin'],
        params: TenantParams,
        reply: Budgets,
      },
      async ({ params }) =>
        await standingOf(required(quotas), { tenant: params.tenant, subject: '' }, context.clock.now()),
    ),
    put(
      '/v1/budgets/:tenant',
      {
        summary: 'Set the budgets of a tenant',
        description:
          'In the place of all that were set before; those of the platform itself hold for units and periods that are not named.',
        tags: ['budgets'],
        scopes: ['llm:admin'],
        params: TenantParams,
        body: z.object({ quotas: z.array(Quota).max(24) }).meta({ id: 'NewBudgets' }),
        reply: Budgets,
      },
      async ({ params: { tenant }, body }) => {
        const { store, book, ...rest } = required(quotas);
        refuseDoubles(body.quotas);
        await store.replace(tenant, body.quotas);
        book.forget(tenant);
        return await standingOf({ store, book, ...rest }, { tenant, subject: '' }, context.clock.now());
      },
    ),
  );

const usageRoutes = ({ quotas, context }: Parts): Route[] =>
  routes(
    get(
      '/v1/usage',
      {
        summary: 'See what was used',
        description:
          'Of the whole tenant for administrators (`llm:admin`), else of the user who asks. Times are whole hours. ' +
          'API keys are named by their id; the group of requests without one is empty.',
        tags: ['budgets'],
        scopes: ['llm:read'],
        query: z.object({
          group_by: z.enum(usageGroups).default('day'),
          /** The id of one key. */
          api_key: z.string().min(1).max(256).optional(),
          start: z.iso.datetime({ offset: true }).optional(),
          end: z.iso.datetime({ offset: true }).optional(),
        }),
        reply: Usage,
      },
      async ({ query: { group_by: groupBy, api_key: apiKey, start, end }, identity }) => {
        const { usage, usageStore } = required(quotas);
        await usage.settle();
        const to = end === undefined ? new Date(context.clock.now()) : new Date(end);
        const from = start === undefined ? new Date(to.getTime() - 30 * DAY_MS) : new Date(start);
        const subject = isAdministrator(identity) ? undefined : identity.subject;
        const data = await usageStore.read({ tenant: identity.tenant, subject, apiKey, groupBy, from, to });
        return { object: 'list' as const, group_by: groupBy, data };
      },
    ),
  );

function isAdministrator({ scopes }: Identity): boolean {
  return scopes.includes('llm:admin') || scopes.includes('*');
}

function required(quotas: Quotas | undefined): Quotas {
  if (quotas !== undefined) return quotas;
  throw new AppError('LLM_NO_DATABASE', {
    status: 501,
    detail: 'without a database there are no budgets and no account of use',
  });
}

function refuseDoubles(quotas: readonly Quota[]): void {
  const seen = new Set<string>();
  for (const [index, { per, unit, period }] of quotas.entries()) {
    const key = `${per}/${unit}/${period}`;
    if (seen.has(key)) {
      const detail = `${unit} per ${period} of the ${per} is given twice`;
      throw new AppError('REQUEST_INVALID', { status: 400, detail, pointer: `/quotas/${String(index)}` });
    }
    seen.add(key);
  }
}

/** Quotas of each user and key are told to the user, and to whoever shows the key. */
async function standingOf({ book, ledger }: Quotas, who: QuotaCaller, nowMs: number): Promise<z.input<typeof Budgets>> {
  const { tenant } = who;
  const subjects = quotaOwners.flatMap((per) => quotaSubject(per, who) ?? []);
  const [quotas, accounts] = [await book.of(tenant), await ledger.standing(tenant, subjects)];
  const data = quotas.flatMap(({ per, unit, period, amount }) => {
    const subject = quotaSubject(per, who);
    if (subject === undefined) return [];
    const account = accounts.find((one) => one.subject === subject && one.unit === unit && one.period === period);
    const used = account?.used ?? 0;
    const resets = new Date(periodAt(period, nowMs).endsAtMs).toISOString();
    return [{ per, unit, period, amount, used, left: Math.max(0, amount - used), resets_at: resets }];
  });
  return { object: 'budgets', tenant, data };
}
