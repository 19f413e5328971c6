import { parseArgs } from 'node:util';
import { AdvisedError } from '../machine/advice.ts';
import { runCommand } from '../progress/command.ts';
import type { Figure } from '../bench/figure.ts';
import { catchMutants } from './catch-mutants.ts';
import { infect, mutants } from './mutants.ts';
import type { Verdict } from './room.ts';

const usage = `Usage: npm run faults [-- OPTION ...]

Runs the operator against a real API server behind a proxy that breaks what a plan says, and compares how each plan ends
with how it ends when nothing is broken. Exit code 1 if any ends otherwise. Prints one line of JSON for each figure.
  --only ROW[,ROW]   these rows alone
  --plan ID[,ID]     only plans whose name begins so, for example create/017
  --sample N/M       of the enumeration every M-th plan, from the N-th
  --quick            what runs with every change: a tenth of the enumeration, the short plans of the other rows
  --seed SEED        of everything that is left to chance (default: 1)
  --at-once N        plans side by side (default: 6)
  --list             says what the rows are
  --mutants          puts known bugs back in, one after the other: each must turn its plans red
  --mutant NAME      one of them, with the plans that are asked for: ${mutants.map(({ name }) => name).join(', ')}`;

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      plan: { type: 'string', default: '' },
      sample: { type: 'string' },
      quick: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      'at-once': { type: 'string', default: '6' },
      list: { type: 'boolean' },
      mutants: { type: 'boolean' },
      mutant: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return console.log(usage);
  if (values.list === true) return list();
  if (values.mutants === true) {
    const escaped = await runMutants();
    if (escaped.length > 0) throw new Error(escaped.join('; '));
    return;
  }
  if (values.mutant !== undefined) infect(mutantNamed(values.mutant));
  const seed = numberIn(values.seed, '--seed');
  const started = performance.now();
  // Only now: a mutant has to be in place before the sources are read.
  const { runSuite } = await import('./suite.ts');
  const verdicts = await runSuite({
    only: listIn(values.only),
    plans: listIn(values.plan),
    sample: sampleIn(values.sample ?? (values.quick ? '1/10' : '1/1')),
    quick: values.quick,
    seed,
    atOnce: numberIn(values['at-once'], '--at-once'),
    report: teller(started, seed),
  });
  const problems = conclude(verdicts, started);
  // Only everything proves everything: the suite itself is checked at the end of a run of all of it.
  if (process.argv.length === 2) problems.push(...(await runMutants()));
  if (problems.length > 0) throw new Error(problems.join('; '));
});

/** Prints the figures. @returns what is wrong */
function conclude(verdicts: readonly Verdict[], started: number): string[] {
  const failed = verdicts.filter(({ problems }) => problems.length > 0);
  const minutes = Number(((performance.now() - started) / 60_000).toFixed(1));
  print({ name: 'faults.plans', value: verdicts.length, unit: 'plans' });
  print({ name: 'faults.converged', value: verdicts.length - failed.length, unit: 'plans' });
  print({ name: 'faults.minutes', value: minutes, unit: 'min' });
  if (verdicts.length === 0) throw new AdvisedError('no plan has this name', usage);
  const names = failed.map(({ plan }) => plan).join(', ');
  return failed.length === 0 ? [] : [`${failed.length} of ${verdicts.length} plans failed: ${names}`];
}

/** Prints the figure. @returns what is wrong */
async function runMutants(): Promise<string[]> {
  const escaped = await catchMutants();
  print({ name: 'faults.mutants_caught', value: mutants.length - escaped.length, unit: `of ${mutants.length}` });
  return escaped.length === 0 ? [] : [`the suite stays green with ${escaped.join(', ')}`];
}

async function list(): Promise<void> {
  const { rows } = await import('./rows.ts');
  for (const { number, title } of rows) console.log(`${number.padEnd(5)} ${title}`);
}

function print(figure: Figure): void {
  console.log(JSON.stringify(figure));
}

/** Says how each plan ended, and how to run it again. */
function teller(started: number, seed: number): (verdict: Verdict) => void {
  let ended = 0;
  return ({ plan, what, problems }) => {
    ended += 1;
    const seconds = Math.round((performance.now() - started) / 1_000);
    console.error(`${String(seconds).padStart(5)} s  ${String(ended).padStart(4)}  ${plan}  ${what}`);
    if (problems.length === 0) return;
    console.error(`  FAILED; again with: npm run faults -- --plan ${plan} --seed ${seed}`);
    for (const problem of problems.slice(0, 12)) console.error(`    ${problem.replaceAll('\n', '\n    ')}`);
  };
}

function mutantNamed(name: string): (typeof mutants)[number] {
  const mutant = mutants.find((each) => each.name === name);
  if (!mutant) throw new AdvisedError(`there is no mutant "${name}"`, usage);
  return mutant;
}

function listIn(text: string): string[] {
  return text.split(',').filter((part) => part !== '');
}

function numberIn(text: string, option: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new AdvisedError(`${option} takes a number, not "${text}"`, usage);
  return number;
}

function sampleIn(text: string): { n: number; m: number } {
  const [, n, m] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (n === undefined || m === undefined) throw new AdvisedError(`--sample takes N/M, not "${text}"`, usage);
  return { n: numberIn(n, '--sample'), m: numberIn(m, '--sample') };
}
