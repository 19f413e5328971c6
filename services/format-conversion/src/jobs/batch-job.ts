import { jobKind, JobOutput, type JobKind } from '@genai-platform/common';
import { unzipSync, zipSync, type Zippable } from 'fflate';
import { z } from 'zod';
import { StoredDocument, type DocumentReport } from '../api/job-schemas.ts';
import { formatNamed } from '../domain/formats.ts';
import type { JobParts } from './job-parts.ts';
import { convertStored, failureOf } from './stored-document.ts';

type Report = z.input<typeof DocumentReport>;

export const BatchInput = z.object({ documents: z.array(StoredDocument) });

/** Packs the bytes of a batch's documents by their position; those that are fetched have none. */
export function packPayload(contents: readonly (Uint8Array | undefined)[]): Uint8Array {
  const entries: Zippable = {};
  contents.forEach((bytes, index) => {
    if (bytes) entries[String(index)] = [bytes, { level: 0 }];
  });
  return zipSync(entries);
}

/** Many documents, one after another. The output is an archive of what succeeded, with a manifest of everything. */
export function batchJob(parts: JobParts): JobKind {
  return jobKind(BatchInput, async ({ id, input, payload, identity, signal, progress }) => {
    const contents = payload ? unzipSync(payload) : {};
    const archive: Zippable = {};
    const reports: Report[] = [];
    for (const [index, stored] of input.documents.entries()) {
      const report = await convertOne(stored, contents[String(index)], { parts, signal, archive });
      reports.push(report);
      progress((index + 1) / input.documents.length);
    }
    await parts.reports.save(id, identity.tenant, reports);
    archive['manifest.json'] = Buffer.from(`${JSON.stringify({ documents: reports }, undefined, 2)}\n`);
    return new JobOutput(zipSync(archive), 'application/zip');
  });
}

interface Batch {
  parts: JobParts;
  signal: AbortSignal;
  archive: Zippable;
}

/** A document that cannot be converted is reported; a failure that may pass fails the attempt. */
async function convertOne(
  stored: StoredDocument,
  bytes: Uint8Array | undefined,
  { parts, signal, archive }: Batch,
): Promise<Report> {
  const common = { filename: stored.filename ?? null, to: stored.to };
  try {
    const { from, output, warnings } = await convertStored(stored, bytes, parts, signal);
    const name = freeName(stored, archive);
    archive[name] = output;
    return { ...common, status: 'succeeded', from, output: name, warnings, error: null };
  } catch (error) {
    const problem = failureOf(error);
    if (!problem) throw error;
    return { ...common, status: 'failed', from: null, output: null, warnings: [], error: problem };
  }
}

/** A name of its own without folders: archives must not write outside of themselves. */
function freeName({ filename = 'document', to }: StoredDocument, archive: Zippable): string {
  const stem = filename.replace(/^.*[/\\]/s, '').replace(/\.[A-Za-z0-9]{1,8}$/, '') || 'document';
  const [extension] = formatNamed(to).extensions;
  for (let count = 1; ; count += 1) {
    const name = `${stem}${count === 1 ? '' : `-${count}`}.${extension}`;
    if (!(name in archive)) return name;
  }
}
