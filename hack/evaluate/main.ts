/** `npm run evaluate -- SERVICE [--data DIR]`: quality of a service on public data, one JSON line a figure. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Evaluation } from './evaluation.ts';

const evaluations: Readonly<Record<string, () => Promise<Evaluation>>> = {
  convert: async () => (await import('./convert.ts')).evaluation,
  rag: async () => (await import('./rag.ts')).evaluation,
  search: async () => (await import('./search.ts')).evaluation,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string', default: '../shared/data' }, verbose: { type: 'boolean', default: false } },
});
const load = evaluations[positionals[0] ?? ''];
if (!load) {
  console.error(`usage: npm run evaluate -- ${Object.keys(evaluations).join('|')} [--data DIR] [--verbose]`);
  process.exit(2);
}
const { folder, run } = await load();
const data = resolve(values.data, folder);
if (existsSync(data)) await run(data, { verbose: values.verbose });
else
  console.error(`evaluate ${positionals[0]}: skipped, the data is not there (${data}); name its folder with --data.`);
