import type { HttpReply } from '@genai-platform/common';
import { z } from 'zod';

const OpenAiError = z.object({ error: z.object({ message: z.string() }) });
const Problem = z.object({ detail: z.string() });
const MAX_BYTES = 65_536;
const MAX_REASON = 500;

/** What another service says of a request that it refused, in its own words. */
export async function reasonOf(reply: HttpReply): Promise<string> {
  const text = (await reply.bytes(MAX_BYTES)).toString('utf8');
  try {
    const body: unknown = JSON.parse(text);
    const reason = OpenAiError.safeParse(body).data?.error.message ?? Problem.safeParse(body).data?.detail;
    return (reason ?? `status ${reply.status}`).slice(0, MAX_REASON);
  } catch {
    return `status ${reply.status}`;
  }
}

/** Whether the request itself was refused: it will be every time. */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}
