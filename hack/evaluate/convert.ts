/**
 * Quality of conversion to Markdown against given Markdown: text, headings and tables per source format, each
 * beside a simple baseline run on the same files (convert-baselines.ts).
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { convert } from '@genai-platform/format-conversion/convert';
import { baselines } from './convert-baselines.ts';
import { conversionScores, type ConversionScores } from './convert-scores.ts';
import { printFigure } from './figure.ts';
import type { Evaluation } from './evaluation.ts';
import { markdownFacts } from './markdown-facts.ts';

const FORMATS = ['docx', 'html', 'csv', 'pdf'] as const;

interface Sample {
  name: string;
  input: Uint8Array;
  wanted: string;
}

type Converter = (input: Uint8Array) => Promise<string>;

export const evaluation: Evaluation = {
  folder: 'documents',
  run: async (data, { verbose }) => {
    for (const format of FORMATS) await evaluateFormat(format, await samplesIn(join(data, format)), verbose);
  },
};

async function evaluateFormat(
  format: (typeof FORMATS)[number],
  samples: readonly Sample[],
  verbose: boolean,
): Promise<void> {
  const ours = await scoreAll(
    samples,
    async (input) => {
      const { output } = await convert({ input, from: format, to: 'md' });
      return Buffer.from(output).toString();
    },
    verbose,
  );
  const theirs = await scoreAll(samples, baselines[format], false);
  const [mine, base] = [meansOf(ours.scores), meansOf(theirs.scores)];
  printFigure(`convert.text.${format}`, mine.text, 'similarity', base.text);
  if (mine.headings !== undefined)
    printFigure(`convert.headings.${format}`, mine.headings, 'similarity', base.headings);
  if (mine.tables !== undefined) printFigure(`convert.tables.${format}`, mine.tables, 'similarity', base.tables);
  printFigure(
    `convert.ms_per_document.${format}`,
    ours.milliseconds / samples.length,
    'ms',
    theirs.milliseconds / samples.length,
  );
}

/** Pairs of source and wanted Markdown; sources without the latter are not scored. */
async function samplesIn(folder: string): Promise<Sample[]> {
  const [sources, truths] = await Promise.all(['sources', 'groundtruth'].map((name) => readdir(join(folder, name))));
  const samples: Sample[] = [];
  for (const name of (sources ?? []).sort()) {
    const truth = [`${name}.md`, name.replace(/\.[^.]+$/, '.md')].find((candidate) => truths?.includes(candidate));
    if (truth === undefined) continue;
    samples.push({
      name,
      input: await readFile(join(folder, 'sources', name)),
      wanted: await readFile(join(folder, 'groundtruth', truth), 'utf8'),
    });
  }
  return samples;
}

async function scoreAll(
  samples: readonly Sample[],
  converter: Converter,
  verbose: boolean,
): Promise<{ scores: ConversionScores[]; milliseconds: number }> {
  const scores: ConversionScores[] = [];
  let milliseconds = 0;
  for (const { name, input, wanted } of samples) {
    const start = performance.now();
    const got = await converter(input);
    milliseconds += performance.now() - start;
    const score = conversionScores(markdownFacts(got), markdownFacts(wanted));
    scores.push(score);
    if (verbose) console.error(name, JSON.stringify(score));
  }
  return { scores, milliseconds };
}

/** Text and headings are means over documents, tables over tables. */
function meansOf(scores: readonly ConversionScores[]): {
  text: number;
  headings: number | undefined;
  tables: number | undefined;
} {
  const headings = scores.map((score) => score.headings).filter((value) => value !== undefined);
  const tables = scores.flatMap((score) => score.tables);
  return {
    text: mean(scores.map((score) => score.text)),
    headings: headings.length === 0 ? undefined : mean(headings),
    tables: tables.length === 0 ? undefined : mean(tables),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
