import { post, routes, type Multipart, type Route } from '@genai-platform/common';
import { ConvertBody, ConvertReply } from '../api/convert-schemas.ts';
import type { Deps } from '../deps.ts';
import { formats } from '../domain/formats.ts';
import { fromBody, fromForm } from '../incoming-document.ts';
import { conversionReply } from './conversion-reply.ts';

/** Converting one document. */
export const convertRoutes = (deps: Deps): Route[] => routes(convertOne(deps));

const convertOne = ({ config, guard, converter }: Deps): Route =>
  post(
    '/v1/convert',
    {
      summary: 'Convert a document',
      description:
        'The document comes as a form with a file, or as JSON with text, base64 data or a public address. The reply is ' +
        'the converted document, with what was lost in the header conversion-warnings; clients that accept ' +
        'application/json get both as JSON.',
      body: ConvertBody,
      multipart: {
        maxFiles: 1,
        maxFileBytes: config.CONVERT_MAX_DOCUMENT_BYTES,
        documentation: {
          file: { description: 'The document', file: true, required: true },
          to: { description: 'The format wanted', required: true },
          from: { description: 'The format of the document; found out where absent' },
          options: { description: 'Options as JSON' },
        },
      },
      maxBodyBytes: Math.ceil(config.CONVERT_MAX_DOCUMENT_BYTES * 1.4),
      reply: ConvertReply,
      produces: formats.map(({ mediaTypes: [type] }) => type),
      scopes: ['convert:write'],
    },
    async ({ body, multipart, signal, req }) => {
      const maxBytes = config.CONVERT_MAX_DOCUMENT_BYTES;
      const incoming = body
        ? await fromBody(body, { guard, maxBytes, signal })
        : await fromForm(multipart as Multipart);
      const { from, output, warnings } = await converter.convert(incoming, signal);
      return conversionReply(req, { from, to: incoming.to, output, warnings, filename: incoming.hints.filename });
    },
  );
