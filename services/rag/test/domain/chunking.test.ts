import fc from 'fast-check';
import type { Chunk, ChunkingSettings } from '../../src/domain/chunking/block.ts';
import { chunkText } from '../../src/domain/chunking/chunk-text.ts';
import { markdownBlocks, normalizeText, plainBlocks } from '../../src/domain/chunking/read-blocks.ts';
import { sentencesOf } from '../../src/domain/text/sentences.ts';

const cut = (
  given: string,
  settings: Partial<ChunkingSettings> = {},
  title = '',
): (Chunk & { readonly text: string })[] => {
  const text = normalizeText(given);
  const chunks = chunkText(
    text,
    markdownBlocks(text),
    { maxCharacters: 200, overlapCharacters: 0, ...settings },
    title,
  );
  return chunks.map((chunk) => ({ ...chunk, text: text.slice(chunk.start, chunk.end) }));
};
const long = (words: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `${words} number ${i}.`).join(' ');

test('sections are kept apart once they are of some size, and know the titles above them', () => {
  const chunks = cut(
    `# Birds\n\n## Heron\n\n${long('It waits', 6)}\n\n## Stork\n\n${long('It flies', 6)}`,
    {},
    'Handbook',
  );
  expect(chunks.map(({ context, text }) => [context, text.split('\n')[0]])).toEqual([
    ['Handbook', '# Birds'],
    ['Handbook › Birds', '## Stork'],
  ]);
});

test('small sections stand together', () => {
  expect(cut('# A\n\nOne.\n\n## B\n\nTwo.')).toHaveLength(1);
});

test('each part of a long table names its columns again', () => {
  const rows = Array.from({ length: 20 }, (_, i) => `| row ${i} | ${i} |`).join('\n');
  const [, ...rest] = cut(`| name | size |\n| --- | --- |\n${rows}`);
  expect(rest.map(({ context }) => context)).toEqual(rest.map(() => '| name | size |'));
  expect(rest.length).toBeGreaterThan(0);
});

test('a chunk reaches back by whole sentences', () => {
  const [first, second] = cut(long('A sentence', 20), { overlapCharacters: 60 });
  expect(second!.start).toBeLessThan(first!.end);
  expect(second!.text.startsWith('A sentence number')).toBe(true);
});

const pieces = [
  ...['# Title', '## Part', 'Some words here.', '- item one', '```\ncode\n```', '| a | b |\n|---|---|\n| one | two |'],
  ...['x'.repeat(700), '🙂'.repeat(150), '> quoted'],
];

test('every chunk is a range of the text within the bound, and together they hold every word', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 }), fc.boolean(), (some, plain) => {
      const text = normalizeText(some.join('\n\n'));
      const blocks = plain ? plainBlocks(text) : markdownBlocks(text);
      const chunks = chunkText(text, blocks, { maxCharacters: 200, overlapCharacters: 0 });
      const all = chunks.map(({ start, end, context }) => `${context} ${text.slice(start, end)}`).join(' ');
      for (const { start, end } of chunks) {
        expect(end - start).toBeLessThanOrEqual(200);
        expect(text.slice(start, end).isWellFormed()).toBe(true);
      }
      for (const word of ['Some', 'item', 'code', 'one', 'quoted'])
        if (text.includes(word)) expect(all).toContain(word);
    }),
    { numRuns: 60 },
  );
});

test('a sentence does not end after an initial or a short form', () => {
  const text = 'Dr. J. Smith came in 1990. He left, e.g. for Rome. Then?';
  const [first = { start: 0, end: 0 }] = sentencesOf(text);
  expect(text.slice(first.start, first.end)).toBe('Dr. J. Smith came in 1990.');
});
