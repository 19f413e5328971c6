import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { quotaOwners, quotaPeriods, quotaUnits } from '../quotas/quota.ts';
import { operations } from '../providers/provider.ts';

const name = z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'must be lower-case letters, digits and dashes');
const milliseconds = z.number().int().min(10).max(3_600_000);

/** The kinds of providers; each has a folder under src/providers. */
export const providerKinds = ['openai', 'openai-compatible', 'anthropic', 'azure', 'bedrock', 'google'] as const;
export type ProviderKind = (typeof providerKinds)[number];

const Model = z.strictObject({
  /** By the provider's own name. */
  name: z.string().min(1).max(256),
  operations: z.array(z.enum(operations)).min(1).default(['chat']),
});

const ProviderSettings = z.strictObject({
  name: name.refine((word) => word !== 'embedded', 'is the name of the embedded models'),
  kind: z.enum(providerKinds),
  /** Where the API's paths begin; of kinds with one public address, that one by default. */
  base_url: z.url({ protocol: /^https?$/ }).optional(),
  /** File with the key; without one none is sent. */
  api_key_file: z.string().min(1).optional(),
  /** Folder with the files `access-key-id` and `secret-access-key`, of Bedrock. */
  credentials_dir: z.string().min(1).optional(),
  /** Of Bedrock. */
  region: z.string().min(1).max(64).optional(),
  /** Of Azure, where deployments have addresses of their own. */
  api_version: z.string().min(1).max(64).optional(),
  /** File with the authorities (PEM) that are trusted instead of the usual ones. */
  ca_file: z.string().min(1).optional(),
  connect_timeout_ms: milliseconds.default(3_000),
  models: z.array(Model).max(500).default([]),
  /** Whose requests it is for; everybody's where absent. */
  tenants: z.array(z.string().min(1).max(256)).min(1).max(256).optional(),
});
export type ProviderSettings = z.output<typeof ProviderSettings>;

const TargetSettings = z.strictObject({
  provider: name,
  model: z.string().min(1).max(256),
  weight: z.number().min(0).max(1_000).default(1),
  timeout_ms: milliseconds.optional(),
  idle_timeout_ms: milliseconds.optional(),
});

const RouteSettings = z.strictObject({
  model: z.string().min(1).max(256),
  strategy: z.enum(['order', 'weight', 'cost', 'latency']).default('order'),
  deadline_ms: milliseconds.optional(),
  targets: z.array(TargetSettings).min(1).max(16),
});
export type RouteSettings = z.output<typeof RouteSettings>;

const price = z.number().int().min(0).max(1_000_000_000_000);

const QuotaSettings = z.strictObject({
  /** Every tenant where absent. */
  tenant: z.string().min(1).max(256).optional(),
  per: z.enum(quotaOwners).default('tenant'),
  unit: z.enum(quotaUnits),
  period: z.enum(quotaPeriods),
  amount: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
});

const ttl = z.number().int().min(1).max(31_536_000);

/** Answers that are kept. */
const CacheSettings = z.strictObject({
  /** To equal requests. */
  exact: z.strictObject({ ttl_seconds: ttl }).optional(),
  /** To questions that mean the same: by the cosine of their vectors. */
  semantic: z
    .strictObject({
      ttl_seconds: ttl,
      threshold: z.number().min(0.5).max(1).default(0.95),
      tenants: z.array(z.string().min(1).max(256)).min(1).max(1_000).optional(),
    })
    .optional(),
});
export type CacheSettings = z.output<typeof CacheSettings>;

/** What models cost, in millionths of the currency for a million tokens: integers, so that sums are exact. */
const PriceTable = z.strictObject({
  version: z.string().min(1).max(64),
  models: z.record(
    z.string(),
    z.strictObject({
      prompt_micros_per_million: price,
      completion_micros_per_million: price.default(0),
      /** Of the prompt, what the provider had in its cache, and what it has now; by default as any other. */
      cache_read_micros_per_million: price.optional(),
      cache_write_micros_per_million: price.optional(),
    }),
  ),
});
export type PriceTable = z.output<typeof PriceTable>;

/** Which providers there are, where requests go, and what they cost. */
export const LlmSettings = z
  .strictObject({
    providers: z.array(ProviderSettings).max(64).default([]),
    routes: z.array(RouteSettings).max(500).default([]),
    prices: PriceTable.optional(),
    quotas: z.array(QuotaSettings).max(1_000).default([]),
    /** Whether requests are refused that cannot be counted while the database is away. */
    quotas_without_database: z.enum(['refuse', 'allow']).default('refuse'),
    caches: CacheSettings.default({}),
  })
  .superRefine(({ providers, routes }, context) => {
    const names = new Set(['embedded', ...providers.map((provider) => provider.name)]);
    for (const [index, { targets }] of routes.entries()) {
      for (const [place, { provider }] of targets.entries()) {
        if (names.has(provider)) continue;
        const path = ['routes', index, 'targets', place, 'provider'];
        context.addIssue({ code: 'custom', path, message: `there is no provider "${provider}"` });
      }
    }
  });
export type LlmSettings = z.output<typeof LlmSettings>;

/** Reads the file of the settings; without one there is nothing but the embedded models. @throws Error that names what is wrong */
export async function readSettings(file: string | undefined): Promise<LlmSettings> {
  if (file === undefined) return LlmSettings.parse({});
  const result = LlmSettings.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`the settings in ${file} are not valid: ${problems.join('; ')}`);
}
