import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Argument, Option, RootCommand } from '@bomb.sh/tab';
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { Platforms } from '../platform/kinds.ts';
import type { KubeFlags } from './connection.ts';
import { connect } from './connection.ts';
import type { Io } from './io.ts';

/** Nobody waits longer for a completion. */
const PATIENCE_MS = 2_000;
const MAX_NAMES = 200;

/**
 * Adds `completion <shell>`, which prints a shell's script, and the hidden `complete`, which that script asks: commands,
 * flags, their choices, YAML files after `-f`, and the names of the platforms in the cluster.
 */
export async function addCompletion(program: Command, args: readonly string[], io: Io): Promise<void> {
  const root = tab(program, { completionCommandName: 'completion' });
  if (args[0] !== 'complete') return;
  const words = args.slice(args.indexOf('--') + 1);
  const current = words.at(-1) ?? '';
  const names = takesName(program, words) ? await platformNames(words, io) : [];
  for (const [name, command] of root.commands) {
    command.description = program.commands.find((candidate) => candidate.name() === name)?.summary() ?? '';
    addGlobals(command.options, root);
    const file = command.options.get('filename');
    if (file) file.handler = (complete) => yamlFiles(current).forEach((path) => complete(path, ''));
    const platform = command.arguments.get('name');
    if (platform) platform.handler = completingWith(names);
  }
}

function takesName(program: Command, words: readonly string[]): boolean {
  const command = program.commands.find((candidate) => words.includes(candidate.name()));
  return command?.registeredArguments.some((argument) => argument.name() === 'name') ?? false;
}

/** The flags of the whole tool hold in every command. */
function addGlobals(options: Map<string, Option>, root: RootCommand): void {
  for (const [name, option] of root.options) if (!options.has(name)) options.set(name, option);
}

function completingWith(names: readonly string[]): NonNullable<Argument['handler']> {
  return (complete) => names.forEach((name) => complete(name, 'platform'));
}

function yamlFiles(typed: string): string[] {
  const folder = typed.endsWith('/') ? typed : dirname(typed);
  const start = typed.endsWith('/') ? '' : basename(typed);
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => name.startsWith(start) && (start !== '' || !name.startsWith('.')))
      .filter((entry) => entry.isDirectory() || /\.(ya?ml|json)$/.test(entry.name))
      .map((entry) => `${folder === '.' && !typed.startsWith('./') ? entry.name : join(folder, entry.name)}${entry.isDirectory() ? '/' : ''}`); // prettier-ignore
  } catch {
    return []; // what is typed is no folder that can be read
  }
}

/** Silent where there is no cluster: a completion has nobody to complain to. */
async function platformNames(words: readonly string[], { config }: Io): Promise<string[]> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const connection = await connect(flagsIn(words), config);
    try {
      const page = { namespace: connection.namespace, limit: MAX_NAMES };
      const { items } = await connection.client.list(Platforms, page, signal);
      return (items ?? []).map(({ metadata }) => metadata.name);
    } finally {
      await connection.close();
    }
  } catch {
    return [];
  }
}

function flagsIn(words: readonly string[]): KubeFlags {
  const valueOf = (...names: string[]): string | undefined => {
    const at = words.findIndex((word) => names.includes(word));
    return at === -1 ? undefined : words[at + 1];
  };
  const [kubeconfig, context] = [valueOf('--kubeconfig'), valueOf('--context')];
  const namespace = valueOf('-n', '--namespace');
  return { ...(kubeconfig && { kubeconfig }), ...(context && { context }), ...(namespace && { namespace }) };
}
