import { z } from 'zod';
import { caches } from './llm/caches.ts';
import { provider } from './llm/provider.ts';
import { budget, limit } from './llm/quota.ts';
import { route } from './llm/route.ts';
import { withMeta, withRules } from './schema/rule.ts';
import { text } from './schema/text.ts';

const embedded = z.object({
  enabled: z
    .boolean()
    .describe(
      'Whether the small models run beside the router: a generator and the encoder that embeds where nothing else is ' +
        'configured. They take 550 MiB. Default true.',
    )
    .optional(),
});

export const llm = withRules(
  z.object({
    providers: withMeta(z.array(provider).max(16), {
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    })
      .describe('Who answers beside the embedded models. A model is asked for by its name, or as `provider/model`.')
      .optional(),
    routes: withMeta(z.array(route).max(64), {
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['model'],
    })
      .describe('Names of your own for models, each with the targets that may answer.')
      .optional(),
    priceVersion: text({
      max: 64,
      pattern: /^[A-Za-z0-9][-A-Za-z0-9_.]*$/,
      message: 'must be letters, digits, "-", "_" and ".", for example 2026-11',
    })
      .describe('Name of the prices that the models have here; every decision keeps it beside its cost. Default `1`.')
      .optional(),
    budgets: withMeta(z.array(budget).max(256), { 'x-kubernetes-list-type': 'atomic' })
      .describe('What may be spent. A request is refused (429) that might exceed it. The API can set others by tenant.')
      .optional(),
    limits: withMeta(z.array(limit).max(256), { 'x-kubernetes-list-type': 'atomic' })
      .describe('How many requests may be made and tokens used. Default: as many as the gateway lets through.')
      .optional(),
    quotaFailurePolicy: z
      .enum(['Refuse', 'Allow'])
      .describe('What becomes of requests that cannot be counted while the database is away. Default `Refuse`.')
      .optional(),
    caches: caches.describe('Answers that are given again.').optional(),
    embedded: embedded.describe('The small models that run beside the router.').optional(),
  }),
  {
    rule:
      '!has(self.routes) || self.routes.all(r, r.targets.all(t, ' +
      "t.provider == 'embedded' || (has(self.providers) && self.providers.exists(p, p.name == t.provider))))",
    message: 'every target must name a provider of spec.llm.providers, or embedded',
    fieldPath: '.routes',
  },
  {
    rule:
      '!has(self.embedded) || !has(self.embedded.enabled) || self.embedded.enabled || ' +
      '(has(self.providers) && self.providers.exists(p, has(p.models) && p.models.size() > 0))',
    message: 'without the embedded models there must be a provider with models',
    fieldPath: '.embedded.enabled',
  },
  {
    rule:
      '!has(self.embedded) || !has(self.embedded.enabled) || self.embedded.enabled || !has(self.caches) || ' +
      '!has(self.caches.semantic)',
    message: 'the semantic cache needs the embedded encoder, which embedded.enabled: false leaves out',
    fieldPath: '.caches',
  },
  {
    rule:
      '!has(self.embedded) || !has(self.embedded.enabled) || self.embedded.enabled || !has(self.routes) || ' +
      "self.routes.all(r, r.targets.all(t, t.provider != 'embedded'))",
    message: 'a target names the embedded models, which embedded.enabled: false leaves out',
    fieldPath: '.routes',
  },
);

export type Llm = z.infer<typeof llm>;
