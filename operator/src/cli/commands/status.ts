import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { examples, formatOf, outputOption, withConnection } from '../cli.ts';
import type { Connection, KubeFlags } from '../connection.ts';
import type { ExitCode } from '../exit-codes.ts';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { structured } from '../output/structured.ts';
import { styleFor } from '../output/style.ts';
import { readPlatform } from '../read-platform.ts';
import type { PlatformView } from '../view/platform-view.ts';
import { viewOf } from '../view/platform-view.ts';
import { printView } from '../view/print-view.ts';
import { command as toolCommand } from '../waiting/await-ready.ts';
import { watchPlatform } from '../waiting/watch-platform.ts';

interface StatusFlags extends KubeFlags {
  readonly output?: string;
  readonly watch?: boolean;
}

/** `status NAME`: the platform, its components, their workloads and pods, as a tree. */
export function statusCommand(cli: Cli): Command {
  const command = new Command('status')
    .summary('show a platform as a tree, down to its pods')
    .description(
      'Shows a platform as a tree: components and waves, their workloads, their pods, each with what it says of itself when ' +
        'it does not work. With --watch it goes on until Ctrl-C.',
    )
    .argument('<name>', 'name of the platform')
    .addOption(outputOption('json', 'yaml'))
    .option('-w, --watch', 'go on watching')
    .addHelpText(
      'after',
      examples([
        ['genai-platform status acme -n acme', 'the tree'],
        ['genai-platform status acme --watch', 'live'],
        ['genai-platform status acme -o json | jq .health', 'for programs: good, busy or bad'],
      ]),
    );
  return command.action(async (name: string) => {
    const flags = command.optsWithGlobals<StatusFlags>();
    await withConnection(command, cli, (connection) => run(connection, { name, flags }, cli.io));
  });
}

async function run(
  connection: Connection,
  { name, flags }: { readonly name: string; readonly flags: StatusFlags },
  io: Io,
): Promise<ExitCode> {
  const platform = await readPlatform(connection, name, io.signal);
  const form = formatOf(flags.output);
  if (flags.watch === true && form) throw new Failure('--watch draws a tree', 'leave out --output, or --watch');
  if (flags.watch === true) return watch(connection, name, io);
  const view = await viewOf(connection, platform, io.signal);
  io.out(form ? structured(view, form) : printView(view, styleFor(io)));
  if (!form) hint(view, io);
  return exitCodes.ok;
}

async function watch(connection: Connection, name: string, io: Io): Promise<ExitCode> {
  const place = { namespace: connection.namespace, name };
  try {
    await watchPlatform(connection, io, { place, ended: (platform) => (platform ? undefined : 'gone') });
    io.err(`platform ${place.namespace}/${name} is gone\n`);
    return exitCodes.ok;
  } catch (error) {
    if (!io.signal.aborted) throw error;
    return exitCodes.interrupted;
  }
}

/** What to look at next, of a platform that does not work. */
function hint({ health, components, ...place }: PlatformView, io: Io): void {
  const broken = components.flatMap(({ workloads }) => workloads).filter((workload) => workload.health === 'bad');
  const [first] = broken;
  if (health === 'good') return;
  const logs = first?.kind === 'Deployment' ? ` ${first.name}` : '';
  io.err(`next: ${toolCommand('logs', place)}${logs}\n`);
}
