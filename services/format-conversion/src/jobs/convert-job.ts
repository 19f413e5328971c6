import { jobKind, JobOutput, type JobKind } from '@genai-platform/common';
import { contentTypeOf } from '../domain/formats.ts';
import { StoredDocument } from '../api/job-schemas.ts';
import type { JobParts } from './job-parts.ts';
import { convertStored, failureOf } from './stored-document.ts';

/** One document, too large to wait for or asked for with `respond-async`. Its bytes are the payload. */
export function convertJob(parts: JobParts): JobKind {
  return jobKind(StoredDocument, async ({ id, input, payload, identity, signal }) => {
    const common = { filename: input.filename ?? null, to: input.to, output: null };
    try {
      const { from, output, warnings } = await convertStored(input, payload, parts, signal);
      await parts.reports.save(id, identity.tenant, [{ ...common, status: 'succeeded', from, warnings, error: null }]);
      return new JobOutput(output, contentTypeOf(input.to));
    } catch (error) {
      const problem = failureOf(error);
      if (problem)
        await parts.reports.save(id, identity.tenant, [
          { ...common, status: 'failed', from: null, warnings: [], error: problem },
        ]);
      throw error;
    }
  });
}
