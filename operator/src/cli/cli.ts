import type { Command } from 'commander';
import { Option } from 'commander';
import type { Connection, KubeFlags } from './connection.ts';
import { connect } from './connection.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { StructuredFormat } from './output/structured.ts';

/** What every command works with. */
export interface Cli {
  readonly io: Io;
  /** Told how the command ended. */
  exit(code: ExitCode): void;
}

/** A command that speaks to a cluster: connected before, disconnected after, whatever happens. */
export async function withConnection(
  command: Command,
  cli: Cli,
  run: (connection: Connection) => Promise<ExitCode>,
): Promise<void> {
  const connection = await connect(command.optsWithGlobals<KubeFlags>(), cli.io.config);
  try {
    cli.exit(await run(connection));
  } finally {
    await connection.close();
  }
}

/** The flags of kubectl that choose a cluster; understood before and after the name of a command. */
export function addKubeFlags(program: Command): Command {
  return program
    .option('--kubeconfig <file>', 'kubeconfig to use (default: KUBECONFIG, then ~/.kube/config)')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--cluster <name>', 'cluster of the kubeconfig')
    .option('--user <name>', 'user of the kubeconfig')
    .option('-n, --namespace <name>', "namespace (default: the file's, then the context's)");
}

/** Forms of output: for people, or for programs. */
export type Format = StructuredFormat | 'wide' | undefined;

/** `-o json|yaml|wide`. */
export function outputOption(...forms: readonly ('json' | 'yaml' | 'wide')[]): Option {
  return new Option('-o, --output <form>', `print ${forms.join(', ')} in place of text`).choices(forms);
}

/** `-f file`, which must be given. */
export function fileOption(): Option {
  return new Option('-f, --filename <file>', 'file with the platform, - for standard input').makeOptionMandatory();
}

/** Flags that say what an operator would say of itself. */
export function installationOptions(): Option[] {
  return [
    new Option('--release <version>', "version of the operator (default: the cluster's, else this tool's)"),
    new Option('--image-registry <registry>', "registry where the platform names none (default: the operator's)"),
    new Option('--operator-namespace <name>', 'namespace of the operator (default: found, else genai-system)'),
  ];
}

/** Examples below the help of a command. */
export function examples(lines: readonly (readonly [command: string, what: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  return `\nExamples:\n${lines.map(([command, what]) => `  ${command.padEnd(width)}   # ${what}`).join('\n')}`;
}

/** Form, file and flags as commands read them. */
export function formatOf(output: string | undefined): StructuredFormat | undefined {
  return output === 'json' || output === 'yaml' ? output : undefined;
}
