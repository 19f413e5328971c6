import { AppError, type JobProblem } from '@genai-platform/common';
import type { StoredDocument } from '../api/job-schemas.ts';
import { optionsOf } from '../api/options-schema.ts';
import { documentOf, type IncomingConversion, type IncomingDocument } from '../incoming-document.ts';
import type { ConvertOutcome } from '../pool/task.ts';
import type { JobParts } from './job-parts.ts';

/** Converts a document as a job's input describes it. */
export async function convertStored(
  stored: StoredDocument,
  bytes: Uint8Array | undefined,
  { converter, guard, maxBytes }: JobParts,
  signal: AbortSignal,
): Promise<ConvertOutcome> {
  const document =
    stored.url === undefined
      ? payloadDocument(stored, bytes)
      : await documentOf({ url: stored.url, filename: stored.filename }, { guard, maxBytes, signal });
  const incoming: IncomingConversion = {
    ...document,
    from: stored.from,
    to: stored.to,
    options: optionsOf(stored.options),
  };
  return converter.convert(incoming, signal);
}

function payloadDocument(
  { filename, content_type: contentType }: StoredDocument,
  bytes: Uint8Array | undefined,
): IncomingDocument {
  return { input: bytes ?? new Uint8Array(), hints: { filename, contentType } };
}

/** The problem of a document that cannot be converted; undefined for a failure that may pass. */
export function failureOf(error: unknown): JobProblem | undefined {
  if (!(error instanceof AppError) || error.retryable) return undefined;
  return { status: error.status, code: error.code, ...(error.detail === undefined ? {} : { detail: error.detail }) };
}
