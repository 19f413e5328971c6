import type { HttpReply } from '@genai-platform/common';
import { z } from 'zod';

const OpenAiError = z.object({ error: z.object({ message: z.string(), code: z.string().nullish() }) });
const Problem = z.object({ detail: z.string(), code: z.string().optional() });
const MAX_BYTES = 65_536;
const MAX_REASON = 500;

/** What another service says of a request that it refused, in its own words, and by which code. */
export async function refusalOf(reply: HttpReply): Promise<{ reason: string; code: string | undefined }> {
  const text = (await reply.bytes(MAX_BYTES)).toString('utf8');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const error = OpenAiError.safeParse(body).data?.error;
  const problem = Problem.safeParse(body).data;
  const reason = error?.message ?? problem?.detail ?? `status ${reply.status}`;
  return { reason: reason.slice(0, MAX_REASON), code: error?.code ?? problem?.code };
}

/** The reason alone. */
export async function reasonOf(reply: HttpReply): Promise<string> {
  return (await refusalOf(reply)).reason;
}

/** Whether the request itself was refused: it will be every time. */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}
