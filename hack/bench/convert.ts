import { execFileSync } from 'node:child_process';
import { createPool } from '@genai-platform/format-conversion';
import { convert } from '@genai-platform/format-conversion/convert';
import { extractText, getDocumentProxy } from 'unpdf';
import { significant, type Figure } from './figure.ts';

const rounds = 5;
const documents = 200;
const sections = 60;

type Pool = ReturnType<typeof createPool>;
type Task = Parameters<Pool['run']>[0];

/** What conversion costs: seconds a page of PDF, and whether memory comes back after many documents. */
export async function measureConversion(): Promise<Figure[]> {
  const pdf = await written('pdf');
  return [await secondsPerPage(pdf), ...(await memoryAfterMany([pdf, await written('docx'), await written('html')]))];
}

/** The same long document in each format, written by the service itself: nothing has to be fetched. */
async function written(to: 'pdf' | 'docx' | 'html'): Promise<Uint8Array> {
  const words = 'Documents are converted between formats, and what is lost on the way is said. '.repeat(12);
  const section = (index: number): string =>
    `## Section ${index}\n\n${words}\n\n- first ${index}\n- second\n\n| a | b |\n| - | - |\n| ${index} | x |\n`;
  const input = Buffer.from(`# Long\n\n${Array.from({ length: sections }, (_, index) => section(index)).join('\n')}`);
  return (await convert({ input, from: 'md', to })).output;
}

async function secondsPerPage(input: Uint8Array): Promise<Figure> {
  const { numPages } = await getDocumentProxy(new Uint8Array(input));
  const ours = await fastest(() => convert({ input, from: 'pdf', to: 'md' }));
  const plain = await fastest(async () => extractText(await getDocumentProxy(new Uint8Array(input))));
  return {
    name: 'convert.pdf_seconds_per_page',
    value: significant(ours / 1_000 / numPages),
    unit: 's',
    yardstick: "pdf.js's text extraction alone, without structure",
    ratio: significant(ours / plain),
  };
}

async function fastest(work: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await work();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

/** Resident memory of the service and its worker once a few documents are through, and once 200 are. */
async function memoryAfterMany(inputs: readonly Uint8Array[]): Promise<Figure[]> {
  const pool = createPool({
    CONVERT_WORKERS: 1,
    CONVERT_QUEUE_MAX: 1,
    CONVERT_DEADLINE_SECONDS: 60,
    CONVERT_RECYCLE_AFTER: 50,
    CONVERT_WORKER_MEMORY_BYTES: undefined,
  });
  try {
    await convertMany(pool, inputs, inputs.length);
    const before = residentBytes();
    await convertMany(pool, inputs, documents);
    const after = residentBytes();
    const yardstick = 'the same processes after the first three';
    return [
      {
        name: `convert.rss_bytes_after_${documents}`,
        value: after,
        unit: 'bytes',
        yardstick,
        ratio: significant(after / before),
      },
    ];
  } finally {
    await pool.close();
  }
}

async function convertMany(pool: Pool, inputs: readonly Uint8Array[], count: number): Promise<void> {
  const limits = {
    archiveBytes: 2e8,
    archiveEntries: 1e4,
    archiveRatio: 1e3,
    depth: 200,
    pages: 2_000,
    cells: 1e6,
    elements: 2e6,
  };
  const from = ['pdf', 'docx', 'html'] as const;
  for (let index = 0; index < count; index += 1) {
    const kind = index % inputs.length;
    const input = inputs[kind] ?? new Uint8Array();
    const task: Task = { kind: 'convert', input, from: from[kind], to: 'md', hints: {}, options: {}, limits };
    const answer = await pool.run(task, AbortSignal.timeout(60_000));
    if (answer.state !== 'done') throw new Error(`a conversion failed: ${JSON.stringify(answer)}`);
  }
}

/** This process and its workers. */
function residentBytes(): number {
  const listed = execFileSync('ps', [
    '-o',
    'rss=',
    '-p',
    String(process.pid),
    '--ppid',
    String(process.pid),
  ]).toString();
  return listed.split('\n').reduce((sum, line) => sum + Number(line) * 1_024, 0);
}
