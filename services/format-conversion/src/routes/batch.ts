import { AppError, Job, jobResponse, post, routes, validate, type Multipart, type Route } from '@genai-platform/common';
import { BatchFields } from '../api/convert-schemas.ts';
import { BatchBody, type StoredDocument } from '../api/job-schemas.ts';
import type { Deps } from '../deps.ts';
import { packPayload } from '../jobs/batch-job.ts';

const MAX_FILES = 100;

interface Batch {
  documents: StoredDocument[];
  contents: (Uint8Array | undefined)[];
}

/** Converting many documents as one job. */
export const batchRoutes = ({ config, jobs }: Deps): Route[] =>
  routes(
    post(
      '/v1/convert/batch',
      {
        summary: 'Convert many documents as one job',
        description:
          'As JSON with items, or as a form with several files and one format. The output of the job is a ZIP archive ' +
          'of the converted documents with manifest.json; one that cannot be converted does not stop the others.',
        body: BatchBody,
        multipart: {
          maxFiles: MAX_FILES,
          maxFileBytes: config.CONVERT_MAX_DOCUMENT_BYTES,
          documentation: {
            file: { description: 'The documents; the part is repeated', file: true, required: true },
            to: { description: 'The format wanted', required: true },
            options: { description: 'Options as JSON, for all' },
          },
        },
        maxBodyBytes: config.CONVERT_MAX_BATCH_BYTES,
        reply: Job,
        replies: { 202: { description: 'Accepted', schema: Job } },
        scopes: ['convert:write'],
      },
      async ({ body, multipart, identity, signal, req }) => {
        const { documents, contents } = body ? fromItems(body) : await fromFiles(multipart as Multipart);
        const job = await jobs.add(
          { kind: 'batch', input: { documents }, payload: packPayload(contents), webhook: body?.webhook },
          identity,
        );
        return jobResponse(jobs, job, { req, signal, tenant: identity.tenant });
      },
    ),
  );

function fromItems(body: BatchBody): Batch {
  const contents = body.items.map(({ text, data }) =>
    text !== undefined ? Buffer.from(text) : data !== undefined ? Buffer.from(data, 'base64') : undefined,
  );
  const documents = body.items.map(({ url, filename, from, to = body.to, options = body.options }, index) => {
    if (to === undefined)
      throw new AppError('REQUEST_INVALID', {
        status: 400,
        detail: 'has no format to convert to',
        pointer: `/items/${index}/to`,
      });
    return { url, filename, from, to, options };
  });
  return { documents, contents };
}

async function fromFiles(form: Multipart): Promise<Batch> {
  const { fields, files } = await form.read();
  const { to, options } = validate(BatchFields, fields, 'body');
  if (files.length === 0)
    throw new AppError('CONVERT_FILE_MISSING', { status: 400, detail: 'the form has no file', pointer: '/file' });
  return {
    documents: files.map(({ filename, contentType }) => ({ filename, content_type: contentType, to, options })),
    contents: files.map(({ bytes }) => bytes),
  };
}
