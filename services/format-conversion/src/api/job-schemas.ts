import { WebhookTarget } from '@genai-platform/common';
import { z } from 'zod';
import { SourceBody, WarningReply } from './convert-schemas.ts';
import { SourceFormat, TargetFormat } from './format-schema.ts';
import { OptionsBody } from './options-schema.ts';

const MAX_ITEMS = 100;

export const BatchBody = z.strictObject({
  items: z
    .array(
      SourceBody.safeExtend({
        from: SourceFormat.optional(),
        to: TargetFormat.optional(),
        options: OptionsBody.optional(),
      }),
    )
    .min(1)
    .max(MAX_ITEMS),
  to: TargetFormat.optional().describe('For items that name no format themselves'),
  options: OptionsBody.optional().describe('For items that have none themselves'),
  webhook: WebhookTarget.optional().describe('Whom to tell when it is done'),
});
export type BatchBody = z.output<typeof BatchBody>;

/** What became of one document. */
export const DocumentReport = z.object({
  filename: z.string().nullable(),
  status: z.enum(['succeeded', 'failed']),
  from: SourceFormat.nullable(),
  to: TargetFormat,
  output: z.string().nullable().describe('Its name in the archive of a batch'),
  warnings: z.array(WarningReply),
  error: z
    .object({ status: z.int(), code: z.string(), title: z.string().optional(), detail: z.string().optional() })
    .nullable(),
});

export const ResultReply = z.object({
  object: z.literal('conversion_result'),
  job_id: z.string(),
  output_url: z.string().nullable(),
  documents: z.array(DocumentReport),
});

/** How one document of a job is described in the job's input; its bytes are in the payload. */
export const StoredDocument = z.object({
  url: z.string().optional(),
  filename: z.string().optional(),
  content_type: z.string().optional(),
  from: SourceFormat.optional(),
  to: TargetFormat,
  options: OptionsBody.optional(),
});
export type StoredDocument = z.output<typeof StoredDocument>;
