import { Job, jobResponse, parsePrefer, post, routes, type Multipart, type Route } from '@genai-platform/common';
import type { Request } from 'express';
import { ConvertBody, ConvertReply } from '../api/convert-schemas.ts';
import { bodyOfOptions } from '../api/options-schema.ts';
import type { StoredDocument } from '../api/job-schemas.ts';
import type { Deps } from '../deps.ts';
import { formats } from '../domain/formats.ts';
import { fromBody, fromForm, type IncomingConversion } from '../incoming-document.ts';
import { conversionReply } from './conversion-reply.ts';

/** Converting one document. */
export const convertRoutes = (deps: Deps): Route[] => routes(convertOne(deps));

const convertOne = ({ config, guard, maxBytes, converter, jobs }: Deps): Route =>
  post(
    '/v1/convert',
    {
      summary: 'Convert a document',
      description:
        'The document comes as a form with a file, or as JSON with text, base64 data or a public address. The reply is ' +
        'the converted document, with what was lost in the header conversion-warnings; clients that accept ' +
        'application/json get both as JSON. Large documents, and those asked for with Prefer: respond-async, become jobs.',
      body: ConvertBody,
      multipart: {
        maxFiles: 1,
        maxFileBytes: maxBytes,
        documentation: {
          file: { description: 'The document', file: true, required: true },
          to: { description: 'The format wanted', required: true },
          from: { description: 'The format of the document; found out where absent' },
          options: { description: 'Options as JSON' },
        },
      },
      // Base64 is a third longer than what it stands for.
      maxBodyBytes: Math.ceil(maxBytes * 1.4),
      reply: ConvertReply.or(Job),
      produces: formats.map(({ mediaTypes: [type] }) => type),
      replies: { 202: { description: 'Accepted as a job', schema: Job } },
      scopes: ['convert:write'],
    },
    async ({ body, multipart, identity, signal, req }) => {
      const incoming = body
        ? await fromBody(body, { guard, maxBytes, signal })
        : await fromForm(multipart as Multipart);
      if (isForLater(req, incoming, config.CONVERT_ASYNC_BYTES)) {
        const job = await jobs.add({ kind: 'convert', input: storedOf(incoming), payload: incoming.input }, identity);
        return jobResponse(jobs, job, { req, signal, tenant: identity.tenant });
      }
      const { from, output, warnings } = await converter.convert(incoming, signal);
      return conversionReply(req, { from, to: incoming.to, output, warnings, filename: incoming.hints.filename });
    },
  );

function isForLater(req: Request, { input }: IncomingConversion, limit: number): boolean {
  return parsePrefer(req.headers.prefer).respondAsync || input.byteLength > limit;
}

function storedOf({ hints, from, to, options }: IncomingConversion): StoredDocument {
  return { filename: hints.filename, content_type: hints.contentType, from, to, options: bodyOfOptions(options) };
}
