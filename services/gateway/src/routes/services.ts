import { z } from 'zod';
import { get, routes } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import type { Deps } from '../deps.ts';
import { ServiceHealth } from '../service-health.ts';

const ServiceList = z.object({ object: z.literal('list'), data: z.array(ServiceHealth) });

export const serviceRoutes = ({ health }: Deps): Route[] =>
  routes(
    get(
      '/v1/services',
      {
        summary: 'Which services the platform has, what paths they own and whether they are ready',
        reply: ServiceList,
      },
      async () => ({ object: 'list', data: await health.list() }),
    ),
  );
