import { get, routes, type Route } from '@genai-platform/common';
import { FormatsReply } from '../api/convert-schemas.ts';
import { conversionGraph } from '../domain/fidelity.ts';
import { formats } from '../domain/formats.ts';
import { readers, writers } from '../domain/registry.ts';

/** What can be converted into what. */
export const formatRoutes = (): Route[] =>
  routes(
    get(
      '/v1/convert/formats',
      { summary: 'List formats and the ways between them', reply: FormatsReply, scopes: ['convert:read'] },
      () => ({
        object: 'formats' as const,
        formats: formats.map(({ name, title, mediaTypes, extensions }) => ({
          name,
          title,
          media_types: [...mediaTypes],
          extensions: [...extensions],
          read: name in readers,
          write: name in writers,
        })),
        conversions: [...conversionGraph],
      }),
    ),
  );
