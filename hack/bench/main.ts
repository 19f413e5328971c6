import { ensureDatabases } from '../databases/databases.ts';
import { AdvisedError } from '../machine/advice.ts';
import { ensureModels } from '../models/models.ts';
import { runCommand } from '../progress/command.ts';
import type { Benchmark } from './figure.ts';

/** Every benchmark: its name, and where it is. Loaded on demand: each brings its own world. */
const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  auth: async () => (await import('./auth.ts')).measureAuth,
  convert: async () => (await import('./convert.ts')).measureConversion,
  gateway: async () => (await import('./gateway.ts')).measureGateway,
  drift: async () => (await import('./drift.ts')).measureDrift,
  kit: async () => (await import('./kit.ts')).measureKit,
  models: async () => (await import('./models.ts')).measureModels,
  operator: async () => (await import('./operator.ts')).measureOperator,
  rag: async () => (await import('./rag.ts')).measureRag,
  router: async () => (await import('./router.ts')).measureRouter,
  'router-faults': async () => (await import('./router-faults.ts')).measureRouterFaults,
  render: async () => (await import('./render.ts')).measureRender,
  scale: async () => (await import('./scale.ts')).measureScale,
  search: async () => (await import('./search.ts')).measureSearch,
  soak: async () => (await import('./soak.ts')).measureSoak,
  'service-start': async () => (await import('./service-start.ts')).measureServiceStart,
};

/** Those that start services within this process, on databases and models as the tests have them. */
const ofServices: ReadonlySet<string> = new Set(['auth', 'gateway', 'kit', 'models', 'rag', 'router-faults', 'search']);

const usage = `Usage: npm run bench -- NAME [ARGUMENT ...]

Measures, and prints one line of JSON for each figure: name, value, unit, yardstick, ratio.
Names: ${Object.keys(benchmarks).join(', ')}`;

await runCommand(async () => {
  const [name, ...args] = process.argv.slice(2);
  if (name === undefined || name === '--help') {
    console.log(usage);
    return;
  }
  const load = benchmarks[name];
  if (load === undefined) throw new AdvisedError(`there is no benchmark "${name}"`, usage);
  if (ofServices.has(name)) await Promise.all([ensureDatabases(), ensureModels({ say: console.error })]);
  const measure = await load();
  for (const figure of await measure(args)) console.log(JSON.stringify(figure));
});
