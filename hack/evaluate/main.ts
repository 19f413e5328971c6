/** `npm run evaluate -- SERVICE [--data DIR]`: quality of a service on public data, one JSON line a figure. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDatabases } from '../databases/databases.ts';
import { ensureModels } from '../models/models.ts';
import type { Evaluation } from './evaluation.ts';

const evaluations: Readonly<Record<string, () => Promise<Evaluation>>> = {
  convert: async () => (await import('./convert.ts')).evaluation,
  rag: async () => (await import('./rag.ts')).evaluation,
  search: async () => (await import('./search.ts')).evaluation,
};

/** Those that start a service, on databases and models as the tests have them. */
const ofServices: ReadonlySet<string> = new Set(['rag', 'search']);

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
if (existsSync(data)) {
  if (ofServices.has(positionals[0] ?? ''))
    await Promise.all([ensureDatabases(), ensureModels({ say: console.error })]);
  await run(data, { verbose: values.verbose });
} else
  console.error(`evaluate ${positionals[0]}: skipped, the data is not there (${data}); name its folder with --data.`);
