import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadBareEngines, type BareEngines } from '../../services/llm-router/test/harness/bare-engines.ts';
import { runForSeconds } from './closed-loop.ts';
import { median, significant, type Figure } from './figure.ts';
import { startServedModels, type ServedModels } from './models/served.ts';

const ROUNDS = 3;
const SECONDS = 4;
const TEXTS = 64;
const TOKENS = 64;
const QUERIES = 40;
/** So few, that the burst below finds the queue full. */
const MOST_WAITING = 512;
const BURST = 48;
const ENCODER = 'bge-small-en-v1.5';

const texts = Array.from(
  { length: TEXTS },
  (_, i) =>
    `Passage ${String(i)}: the committee met on day ${String(i * 7)} to weigh what the harbour would cost the town.`,
);
const query = 'What would the harbour cost?';
const question = 'Write three sentences about the sea.';

/**
 * The embedded models as the router serves them (each in its own process, with its queue and batches, over HTTP), beside
 * the bare engines with as many threads, in turns of one run: texts a second, one query, tokens a second, the first token.
 * And what others notice: the time of a request without a model while the encoder is busy, and how soon a burst beyond
 * the queue is refused with 429.
 */
export async function measureModels(): Promise<Figure[]> {
  const threads = Math.min(4, Math.max(1, Math.floor(availableParallelism() / 2)));
  const bare = await loadBareEngines(threads);
  const served = await startServedModels(threads, MOST_WAITING);
  console.error(`load average ${loadavg()[0]?.toFixed(1) ?? ''}, ${String(threads)} threads a model`);
  try {
    return [
      ...(await encoderFigures(served, bare)),
      ...(await generatorFigures(served, bare)),
      ...(await loadFigures(served)),
    ];
  } finally {
    await served.stop();
  }
}

/** What is measured of the served model and of the bare one, in turns; of each the median. */
async function inTurns(
  served: () => Promise<number>,
  bare: () => Promise<number>,
): Promise<{ served: number; bare: number }> {
  const found = { served: [] as number[], bare: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const pair = { served: await served(), bare: await bare() };
    if (round === 0) continue; // Warms up.
    found.served.push(pair.served);
    found.bare.push(pair.bare);
  }
  return { served: median(found.served), bare: median(found.bare) };
}

function compared(
  name: string,
  unit: string,
  { served, bare }: { served: number; bare: number },
  yardstick = 'the bare engine',
): Figure {
  const ratio = significant(served / bare);
  return { name, value: significant(served), unit, yardstick: `${yardstick}: ${String(significant(bare))}`, ratio };
}

async function encoderFigures(served: ServedModels, bare: BareEngines): Promise<Figure[]> {
  const embed = async (input: readonly string[]): Promise<void> => {
    const status = await served.ask('/v1/embeddings', { model: ENCODER, input, encoding_format: 'base64' });
    if (status !== 200) throw new Error(`the router answered ${String(status)}`);
  };
  const rate = async (work: () => Promise<void>, parallel: number): Promise<number> =>
    (await runForSeconds(SECONDS, parallel, work)).perSecond * TEXTS;
  const texting = await inTurns(
    () => rate(() => embed(texts), 4),
    () => rate(() => bare.encode(texts), 1),
  );
  const single = async (work: () => Promise<void>): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < QUERIES; i += 1) times.push(await timed(work));
    return median(times);
  };
  const querying = await inTurns(
    () => single(() => embed([query])),
    () => single(() => bare.encode([query])),
  );
  return [
    compared('models.bge-small.texts_per_s', 'texts/s, 4 requests of 64 texts at a time', texting),
    compared('models.bge-small.query_ms', 'ms, one short text at a time, p50', querying),
  ];
}

async function generatorFigures(served: ServedModels, bare: BareEngines): Promise<Figure[]> {
  const first: { served: number[]; bare: number[] } = { served: [], bare: [] };
  const speed = async (side: 'served' | 'bare'): Promise<number> => {
    const work = side === 'served' ? served : { chat: bare.generate };
    const { firstMs, allMs, tokens } = await work.chat(question, TOKENS);
    first[side].push(firstMs);
    return ((tokens - 1) / (allMs - firstMs)) * 1_000;
  };
  const speaking = await inTurns(
    () => speed('served'),
    () => speed('bare'),
  );
  const pair = async (): Promise<number> => {
    const started = performance.now();
    const both = await Promise.all([served.chat(question, TOKENS), served.chat(question, TOKENS)]);
    return (both.reduce((sum, { tokens }) => sum + tokens, 0) / (performance.now() - started)) * 1_000;
  };
  const together = median([await pair(), await pair(), await pair()]);
  const firsts = { served: median(first.served), bare: median(first.bare) };
  return [
    compared('models.smollm2.tokens_per_s', 'tokens/s of one text after its first token', speaking),
    compared('models.smollm2.first_token_ms', 'ms until the first word, p50', firsts),
    {
      name: 'models.smollm2.two_at_once_tokens_per_s',
      value: significant(together),
      unit: 'tokens/s of two texts together, their prompts included',
    },
  ];
}

/** What requests notice that have nothing to do with a model that is busy, and those that are too many for it. */
async function loadFigures(served: ServedModels): Promise<Figure[]> {
  const idle: number[] = [];
  for (let i = 0; i < QUERIES; i += 1) idle.push(await served.probe());
  const busy: number[] = [];
  const refused: number[] = [];
  const burst = Array.from({ length: BURST }, async () => {
    const started = performance.now();
    const status = await served.ask('/v1/embeddings', { model: ENCODER, input: texts });
    if (status === 429) refused.push(performance.now() - started);
  });
  const all = Promise.all(burst);
  for (let i = 0; i < QUERIES; i += 1) {
    busy.push(await served.probe());
    await sleep(20);
  }
  await all;
  return [
    compared(
      'models.bge-small.livez_ms',
      'ms, /livez while the encoder is busy, p50',
      { served: median(busy), bare: median(idle) },
      'while it idles',
    ),
    {
      name: 'models.bge-small.shed',
      value: refused.length,
      unit: `of ${String(BURST)} requests of ${String(TEXTS)} texts at once refused with 429`,
      yardstick: `a queue of ${String(MOST_WAITING)} texts; refused after ${String(refused.length > 0 ? significant(median(refused)) : 0)} ms (p50)`,
    },
  ];
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
