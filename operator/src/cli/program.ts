import { CommanderError, Command } from 'commander';
import type { Cli } from './cli.ts';
import { addKubeFlags } from './cli.ts';
import { applyCommand } from './commands/apply.ts';
import { deleteCommand } from './commands/delete.ts';
import { historyCommand } from './commands/history.ts';
import { logsCommand } from './commands/logs.ts';
import { planCommand } from './commands/plan.ts';
import { renderCommand } from './commands/render.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { statusCommand } from './commands/status.ts';
import { supportBundleCommand } from './commands/support-bundle.ts';
import { switchCommands } from './commands/switches.ts';
import { addCompletion } from './completion.ts';
import type { ExitCode } from './exit-codes.ts';
import { exitCodes } from './exit-codes.ts';
import { explain } from './failure.ts';
import type { Io } from './io.ts';
import { styleFor } from './output/style.ts';
import { version } from './version.ts';

const commands = [
  renderCommand,
  planCommand,
  applyCommand,
  statusCommand,
  logsCommand,
  historyCommand,
  rollbackCommand,
  ...switchCommands,
  deleteCommand,
  supportBundleCommand,
];

/** Runs the tool with these arguments (without `node` and the script). Never throws. */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  const cli: Cli = { io, exit: (next) => (code = next) };
  try {
    const program = createProgram(cli);
    await addCompletion(program, args, io);
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return ended(error, io);
  }
}

/** The tool with all its commands. */
export function createProgram(cli: Cli): Command {
  const program = new Command('genai-platform')
    .description('Plans, applies, watches and looks after GenAIPlatforms. Also: kubectl genai-platform')
    .version(version, '-V, --version')
    .exitOverride()
    .showHelpAfterError('(--help says how)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => cli.io.out(text), writeErr: (text) => cli.io.err(text) });
  addKubeFlags(program);
  program.addHelpText(
    'after',
    '\nExit codes: 0 done; 1 failed; 2 plan: something would change; 3 --wait: the deadline passed;' +
      '\n4 --wait: it needs somebody’s help; 130 interrupted',
  );
  for (const create of commands) program.addCommand(create(cli).copyInheritedSettings(program));
  return program;
}

function ended(error: unknown, io: Io): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.failed;
  if (io.signal.aborted) {
    io.err('interrupted\n');
    return exitCodes.interrupted;
  }
  const style = styleFor(io);
  const { message, details, next } = explain(error);
  io.err(`${style.red('error:')} ${message}\n`);
  for (const detail of details) io.err(`  ${detail}\n`);
  if (next !== undefined) io.err(`next: ${next}\n`);
  return exitCodes.failed;
}
