import { AppError, post, routes, type Multipart, type Route } from '@genai-platform/common';
import { DetectBody, DetectReply } from '../api/convert-schemas.ts';
import type { Deps } from '../deps.ts';
import { conversionGraph } from '../domain/fidelity.ts';
import { documentOf, type IncomingDocument } from '../incoming-document.ts';

/** Finding out what a document is. */
export const detectRoutes = ({ config, guard, converter }: Deps): Route[] =>
  routes(
    post(
      '/v1/convert/detect',
      {
        summary: 'Find out format, encoding and language of a document',
        body: DetectBody,
        multipart: {
          maxFiles: 1,
          maxFileBytes: config.CONVERT_MAX_DOCUMENT_BYTES,
          documentation: { file: { description: 'The document', file: true, required: true } },
        },
        maxBodyBytes: Math.ceil(config.CONVERT_MAX_DOCUMENT_BYTES * 1.4),
        reply: DetectReply,
        scopes: ['convert:read'],
        idempotencyKey: 'none',
      },
      async ({ body, multipart, signal }) => {
        const maxBytes = config.CONVERT_MAX_DOCUMENT_BYTES;
        const incoming = body
          ? await documentOf(body, { guard, maxBytes, signal })
          : await onlyFile(multipart as Multipart);
        const found = await converter.detect(incoming, signal);
        return {
          object: 'detection' as const,
          format: found.format ?? null,
          media_type: found.mediaType,
          description: found.description,
          basis: found.basis,
          confidence: found.confidence,
          encoding: found.encoding ?? null,
          language: found.language ?? null,
          size_bytes: incoming.input.byteLength,
          targets: conversionGraph.filter(({ from }) => from === found.format).map(({ to }) => to),
        };
      },
    ),
  );

async function onlyFile(form: Multipart): Promise<IncomingDocument> {
  const { files } = await form.read();
  const [file] = files;
  if (!file)
    throw new AppError('CONVERT_FILE_MISSING', { status: 400, detail: 'the form has no file', pointer: '/file' });
  return { input: file.bytes, hints: file };
}
