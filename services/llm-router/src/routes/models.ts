import { get, routes } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { modelUnknown } from '../errors.ts';
import type { ModelInfo } from '../providers/provider.ts';

const Model = z
  .looseObject({
    id: z.string(),
    object: z.literal('model'),
    created: z.number(),
    owned_by: z.string(),
    /** What it can be asked for. */
    operations: z.array(z.string()),
  })
  .meta({ id: 'Model' });
const ModelList = z.object({ object: z.literal('list'), data: z.array(Model) }).meta({ id: 'ModelList' });
const spec = { tags: ['models'], scopes: ['llm:read'], errorFormat: 'openai' } as const;

/** `/v1/models`: every name that a request may use. A model's name may contain a slash. */
export const modelRoutes = ({ router }: Pick<Deps, 'router'>): Route[] =>
  routes(
    get('/v1/models', { ...spec, summary: 'List the models', reply: ModelList }, ({ identity }) => ({
      object: 'list' as const,
      data: router.books.of(identity.tenant).models().map(toModel),
    })),
    get(
      '/v1/models/:model',
      { ...spec, summary: 'Get a model', params: z.object({ model: z.string().max(256) }), reply: Model },
      ({ params, identity }) => {
        const models = router.books.of(identity.tenant).models();
        const found = models.find(({ id }) => id === params.model);
        if (found === undefined)
          throw modelUnknown(
            params.model,
            models.map(({ id }) => id),
          );
        return toModel(found);
      },
    ),
  );

function toModel({ id, ownedBy, created = 0, operations, details }: ModelInfo): z.input<typeof Model> {
  return { id, object: 'model', created, owned_by: ownedBy, operations: [...operations], ...details };
}
