import { startConfigured } from './configured-router.ts';
import type { Json } from './json-reply.ts';
import { faults, simulateProvider, words, type Fault } from './provider-simulator.ts';

/** One fault of the first provider with one kind of request, and what came of it. */
export interface Cell {
  readonly fault: Fault;
  readonly mode: 'stream' | 'plain';
  /** What was not as it has to be; empty where all was. */
  readonly problems: readonly string[];
  /** How long the failing attempt took, by the router's own account. */
  readonly failedAfterMs: number;
}

/** Time of one attempt until its (first) answer, and of silence in a stream. */
export const attemptTimeoutMs = 1_500;

/** Faults that come when a stream has begun: no other provider may take over then. All others must not be seen. */
const afterBeginning: ReadonlySet<Fault> = new Set(['stall', 'cut', 'malformed', 'wrong-length']);

/** Why the attempt has to be recorded as failed. */
const reasons: Readonly<Record<Fault, string>> = {
  'rate-limited': 'rate-limited',
  'status-500': 'unavailable',
  'status-503': 'unavailable',
  'connect-refused': 'connection',
  'connect-hang': 'timeout',
  'header-hang': 'timeout',
  stall: 'timeout',
  cut: 'connection',
  malformed: 'protocol',
  'wrong-length': 'connection',
  'slow-bytes': 'timeout',
  oversize: 'too-large',
  'tls-error': 'connection',
};

/** Every fault with every kind of request: 26 cells. */
export async function runFaultCells(): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const fault of faults) for (const mode of ['stream', 'plain'] as const) cells.push(await runCell(fault, mode));
  return cells;
}

/** A route to a provider with the fault, and after it to one without. */
export async function runCell(fault: Fault, mode: Cell['mode']): Promise<Cell> {
  const [bad, good] = [await simulateProvider(fault, 'bad'), await simulateProvider(undefined, 'good')];
  const target = { model: 'm', timeout_ms: attemptTimeoutMs, idle_timeout_ms: attemptTimeoutMs };
  const router = await startConfigured(
    {
      providers: [bad, good].map(({ baseUrl }, index) => ({
        name: index === 0 ? 'bad' : 'good',
        kind: 'openai-compatible',
        base_url: baseUrl,
        connect_timeout_ms: attemptTimeoutMs / 2,
      })),
      routes: [
        {
          model: 'routed',
          targets: [
            { provider: 'bad', ...target },
            { provider: 'good', model: 'm' },
          ],
        },
      ],
    },
    { LLM_MAX_REPLY_BYTES: String(1024 * 1024) },
  );
  try {
    const json = { model: 'routed', messages: [{ role: 'user', content: 'Go on.' }], stream: mode === 'stream' };
    const response = await router.fetch('/v1/chat/completions', { json });
    const { problems, broken } = mode === 'plain' ? await judgePlain(response) : await judgeStream(response);
    const id = response.headers.get('x-request-id') ?? '';
    const decision = (await (await router.fetch(`/v1/router/decisions/${id}`)).json()) as Json;
    problems.push(...(broken ? brokenRecord(fault, decision, good.requests.length) : fallbackRecord(fault, decision)));
    return { fault, mode, problems, failedAfterMs: Number(decision.attempts?.[0]?.duration_ms ?? -1) };
  } finally {
    await router.close();
    await Promise.all([bad.close(), good.close()]);
  }
}

interface Judgement {
  readonly problems: string[];
  /** A stream that began and broke off. */
  readonly broken: boolean;
}

async function judgePlain(response: Response): Promise<Judgement> {
  const body = (await response.json()) as Json;
  const problems = response.status === 200 ? [] : [`status ${String(response.status)}`];
  if (body.model !== 'good') problems.push(`answered by ${String(body.model)}`);
  if (body.choices?.[0]?.message?.content !== words.join('')) problems.push('the text is not complete');
  return { problems, broken: false };
}

/** Either it is complete, or it says that it is not and does not end as if all were well; what had come stays. */
async function judgeStream(response: Response): Promise<Judgement> {
  const { text, endedWell } = await readAll(response);
  const data = [...text.matchAll(/^data: (.*)$/gm)].map(([, line = '']) => line);
  const problems = response.status === 200 ? [] : [`status ${String(response.status)}`];
  if (data.includes('[DONE]')) {
    if (textOf(data) !== words.join('')) problems.push('an incomplete text ends in [DONE]');
    return { problems, broken: false };
  }
  if (endedWell) problems.push('the connection ended as if the stream were complete');
  if (!words.join('').startsWith(textOf(data)) || textOf(data) === '') problems.push('what had come is lost');
  const last = JSON.parse(data.at(-1) ?? '{}');
  if (last.error?.code !== 'llm_stream_broken') problems.push('no event says that the stream broke off');
  return { problems, broken: true };
}

async function readAll(response: Response): Promise<{ text: string; endedWell: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>)
      text += decoder.decode(chunk, { stream: true });
    return { text, endedWell: true };
  } catch {
    return { text, endedWell: false };
  }
}

function textOf(data: readonly string[]): string {
  const chunks = data.filter((line) => line !== '[DONE]').map((line) => JSON.parse(line));
  return chunks.map((chunk) => String(chunk.choices?.[0]?.delta?.content ?? '')).join('');
}

function fallbackRecord(fault: Fault, { attempts = [], target }: Json): string[] {
  const found = (attempts as Json[]).map((one) => `${String(one.target)} ${String(one.reason ?? one.outcome)}`);
  const wanted = [`bad/m ${reasons[fault]}`, 'good/m answered'];
  if (found.join() === wanted.join() && target === 'good/m') return [];
  return [`recorded ${found.join(', ')} instead of ${wanted.join(', ')}`];
}

function brokenRecord(fault: Fault, { attempts = [], outcome, broken_by: cause }: Json, asked: number): string[] {
  const single = (attempts as Json[]).length === 1 && typeof cause === 'string';
  return [
    ...(single && outcome === 'broken-off' ? [] : ['the break is not recorded']),
    ...(afterBeginning.has(fault) ? [] : ['broke off where another provider could have answered']),
    ...(asked === 0 ? [] : ['another provider was asked after the beginning']),
  ];
}
