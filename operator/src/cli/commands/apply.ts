import { Command, Option } from 'commander';
import { Platforms } from '../../platform/kinds.ts';
import { refTo } from '../../runtime/index.ts';
import type { Cli } from '../cli.ts';
import { examples, fileOption, withConnection } from '../cli.ts';
import type { Connection, KubeFlags } from '../connection.ts';
import { parseDuration } from '../duration.ts';
import type { ExitCode } from '../exit-codes.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { namespaceOf, readManifest } from '../manifest-file.ts';
import { submit } from '../plan/submit.ts';
import { awaitReady, command as toolCommand } from '../waiting/await-ready.ts';

interface ApplyFlags extends KubeFlags {
  readonly filename: string;
  readonly wait?: boolean;
  readonly timeout: number;
  readonly forceConflicts?: boolean;
}

/** `--timeout`, of everything that waits. */
export function timeoutOption(): Option {
  return new Option('--timeout <duration>', 'how long to wait').argParser(parseDuration).default(600_000, '10m');
}

/** `apply -f platform.yaml`: hands the platform to the API server, and waits until it is ready where asked. */
export function applyCommand(cli: Cli): Command {
  const command = new Command('apply')
    .summary('apply a platform, and wait until it is ready')
    .description(
      'Applies a platform (server-side, as field manager genai-platform; unknown fields are refused). With --wait it shows how ' +
        'things go until the platform is ready: a tree on a terminal, a line for each piece of news elsewhere. ' +
        'Ctrl-C stops the watching and nothing else.\n\n' +
        'Exit code 0: applied, with --wait: ready; 3: not ready in time; 4: it needs somebody’s help; 1: refused.',
    )
    .addOption(fileOption())
    .option('--wait', 'wait until the platform is ready')
    .addOption(timeoutOption())
    .option('--force-conflicts', 'take over fields that others set')
    .addHelpText(
      'after',
      examples([
        ['genai-platform apply -f platform.yaml', 'apply'],
        ['genai-platform apply -f platform.yaml --wait --timeout 20m', 'apply and watch it get ready'],
        ['kubectl kustomize overlays/prod | genai-platform apply -f -', 'from standard input'],
      ]),
    );
  return command.action(async () => {
    const flags = command.optsWithGlobals<ApplyFlags>();
    await withConnection(command, cli, (connection) => run(connection, flags, cli.io));
  });
}

async function run(connection: Connection, flags: ApplyFlags, io: Io): Promise<ExitCode> {
  const manifest = await readManifest(flags.filename, io);
  const namespace = namespaceOf(manifest, flags.namespace, connection.namespace);
  const { name } = manifest.metadata;
  const placed = { ...manifest, metadata: { ...manifest.metadata, namespace } };
  const before = await connection.client.get(refTo(Platforms, name, namespace), io.signal);
  const forceConflicts = flags.forceConflicts === true;
  const after = await submit(connection, placed, { dryRun: false, forceConflicts, signal: io.signal });
  const place = { namespace, name };
  io.out(`platform ${namespace}/${name} ${verdict(before?.metadata, after.metadata)}\n`);
  if (flags.wait === true) return awaitReady(connection, io, { place, timeoutMs: flags.timeout });
  io.err(`next: ${toolCommand('status', place)} --watch\n`);
  return exitCodes.ok;
}

interface Version {
  readonly resourceVersion: string;
}

function verdict(before: Version | undefined, after: Version): string {
  if (!before) return 'created';
  return before.resourceVersion === after.resourceVersion ? 'unchanged' : 'configured';
}
