import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDatabases } from '../databases/databases.ts';
import { AdvisedError } from '../machine/advice.ts';
import { ensureModels } from '../models/models.ts';
import { runCommand } from '../progress/command.ts';
import type { Evaluation } from './evaluation.ts';

/** Every evaluation: its service, and where it is. Loaded on demand: each brings its own world. */
const evaluations: Readonly<Record<string, () => Promise<Evaluation>>> = {
  convert: async () => (await import('./convert.ts')).evaluation,
  rag: async () => (await import('./rag.ts')).evaluation,
  search: async () => (await import('./search.ts')).evaluation,
};

/** Those that start a service, on databases and models as the tests have them. */
const ofServices: ReadonlySet<string> = new Set(['rag', 'search']);

const usage = `Usage: npm run evaluate -- SERVICE [OPTION ...]

Measures the quality of a service on public data, and prints one line of JSON for each figure.
Services: ${Object.keys(evaluations).join(', ')}
  --data DIR   where the data are (default: ../shared/data)
  --verbose    says what went wrong, case by case`;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: '../shared/data' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [name] = positionals;
  if (name === undefined || values.help === true) return console.log(usage);
  const load = evaluations[name];
  if (load === undefined) throw new AdvisedError(`there is no evaluation of "${name}"`, usage);
  const { folder, run } = await load();
  const data = resolve(values.data, folder);
  if (!existsSync(data)) {
    console.error(`evaluate ${name}: skipped, the data is not there (${data}); name its folder with --data.`);
    return;
  }
  if (ofServices.has(name)) await Promise.all([ensureDatabases(), ensureModels({ say: console.error })]);
  await run(data, { verbose: values.verbose });
});
