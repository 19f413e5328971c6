import { AppError, systemClock } from '@genai-platform/common';
import type { ServiceClient } from '@genai-platform/common';
import { z } from 'zod';
import { documentUnfit, partMissing } from '../errors.ts';
import type { Caller } from '../store/caller.ts';
import { isRefusal, reasonOf } from './refusal.ts';

const TIMEOUT_MS = 120_000;
const POLL_MS = 1_000;
/** Large documents are converted by jobs over there. */
const MAX_POLLS = 600;
const MAX_REPLY_BYTES = 128 * 1024 * 1024;

const Conversion = z.object({ object: z.literal('conversion'), text: z.string() });
const Job = z.object({
  object: z.literal('job'),
  id: z.string(),
  status: z.string(),
  error: z.object({ detail: z.string().optional() }).nullable(),
});

/** A file as it came. */
export interface SourceFile {
  readonly bytes: Uint8Array;
  readonly filename: string;
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly json?: unknown;
}

/** Turns files into Markdown, by the service that does nothing else. */
export class Converter {
  readonly #service: ServiceClient | undefined;

  constructor(service: ServiceClient | undefined) {
    this.#service = service;
  }

  /** @throws AppError 422 for a file that cannot be converted, 502, 503, 504 */
  async toMarkdown(identity: Caller, { bytes, filename }: SourceFile, signal: AbortSignal): Promise<string> {
    const json = { data: Buffer.from(bytes).toString('base64'), to: 'md', ...(filename !== '' && { filename }) };
    const body = parsed(await this.#bytes(identity, { method: 'POST', path: '/v1/convert', json }, signal));
    const done = Conversion.safeParse(body);
    return done.success ? done.data.text : await this.#outputOf(Job.parse(body), identity, signal);
  }

  async #outputOf(begun: z.output<typeof Job>, identity: Caller, signal: AbortSignal): Promise<string> {
    const path = `/v1/convert/jobs/${begun.id}`;
    let job = begun;
    for (let polls = 0; job.status === 'queued' || job.status === 'running'; polls += 1) {
      if (polls >= MAX_POLLS)
        throw new AppError('UPSTREAM_TIMEOUT', { status: 504, detail: 'the conversion takes too long' });
      await systemClock.sleep(POLL_MS, signal);
      job = Job.parse(parsed(await this.#bytes(identity, { method: 'GET', path }, signal)));
    }
    if (job.status !== 'succeeded') throw documentUnfit(job.error?.detail ?? `its conversion ${job.status}`);
    return (await this.#bytes(identity, { method: 'GET', path: `${path}/output` }, signal)).toString('utf8');
  }

  async #bytes(identity: Caller, call: Call, signal: AbortSignal): Promise<Buffer> {
    if (this.#service === undefined) throw partMissing('format-conversion', 'this kind of document cannot be read');
    const scopes = ['convert:read', 'convert:write'];
    const headers = { accept: 'application/json' };
    const reply = await this.#service.call(
      { identity, scopes },
      { ...call, headers, signal, timeoutMs: TIMEOUT_MS, retry: true },
    );
    if (isRefusal(reply.status)) throw documentUnfit(`it cannot be read: ${await reasonOf(reply)}`);
    if (reply.ok) return await reply.bytes(MAX_REPLY_BYTES);
    reply.discard();
    throw new AppError('UPSTREAM_FAILED', { status: 502, detail: `format-conversion answered ${reply.status}` });
  }
}

function parsed(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString('utf8'));
}
