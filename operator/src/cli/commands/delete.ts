import { Command } from 'commander';
import { dataLabel } from '@genai-platform/cdk8s';
import type { Platform } from '../../platform/kinds.ts';
import { PersistentVolumeClaims, Platforms, Secrets } from '../../platform/kinds.ts';
import { LEAVE_ANNOTATION } from '../../platform/finalize/leave-behind.ts';
import type { LiveObject } from '../../runtime/index.ts';
import { refTo } from '../../runtime/index.ts';
import type { Cli } from '../cli.ts';
import { examples, withConnection } from '../cli.ts';
import type { Connection, KubeFlags } from '../connection.ts';
import type { ExitCode } from '../exit-codes.ts';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { styleFor } from '../output/style.ts';
import { listOf, readPlatform } from '../read-platform.ts';
import { watchPlatform } from '../waiting/watch-platform.ts';
import { timeoutOption } from './apply.ts';

interface DeleteFlags extends KubeFlags {
  readonly wait?: boolean;
  readonly yes?: boolean;
  readonly timeout: number;
}

/** `delete NAME`: says what goes and what stays, asks, deletes, and waits where asked. */
export function deleteCommand(cli: Cli): Command {
  const command = new Command('delete')
    .summary('delete a platform, after saying what data would be lost')
    .description(
      'Deletes a platform. Says first which volumes and Secrets go and which stay, by spec.deletionPolicy, and asks for the ' +
        "platform's name on a terminal; elsewhere --yes is needed. A platform with spec.deletionProtection is refused: " +
        'Kubernetes takes no deletion back.\n\n' +
        'Exit code 0: deleted (without --wait: begun); 3: not gone in time; 1: refused.',
    )
    .argument('<name>', 'name of the platform')
    .option('--wait', 'wait until it is gone')
    .addOption(timeoutOption())
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      examples([
        ['genai-platform delete acme --wait', 'asks, deletes, waits'],
        ['genai-platform delete acme --yes', 'in a script'],
      ]),
    );
  return command.action(async (name: string) => {
    const flags = command.optsWithGlobals<DeleteFlags>();
    await withConnection(command, cli, (connection) => run(connection, { name, flags }, cli.io));
  });
}

async function run(
  connection: Connection,
  { name, flags }: { readonly name: string; readonly flags: DeleteFlags },
  io: Io,
): Promise<ExitCode> {
  const platform = await readPlatform(connection, name, io.signal);
  refuseProtected(platform);
  io.err(await consequences(connection, platform, io));
  if (flags.yes !== true) await confirm(name, io);
  const { uid, namespace } = platform.metadata;
  const context = { signal: io.signal, guard: () => undefined };
  await connection.client.delete(refTo(Platforms, name, namespace), { uid }, context);
  io.out(`platform ${namespace}/${name} is being deleted\n`);
  return flags.wait === true ? awaitGone(connection, platform, { timeoutMs: flags.timeout, io }) : exitCodes.ok;
}

function refuseProtected({ metadata, spec }: LiveObject<Platform>): void {
  if (spec.deletionProtection !== true) return;
  const place = `-n ${metadata.namespace} ${metadata.name}`;
  throw new Failure(
    `platform ${metadata.namespace}/${metadata.name} is protected: spec.deletionProtection is true`,
    `take it out of its file and apply that, or: kubectl patch genaiplatform ${place} --type merge -p '{"spec":{"deletionProtection":false}}'`,
  );
}

/** Which data go, which stay. */
async function consequences(connection: Connection, platform: LiveObject<Platform>, io: Io): Promise<string> {
  const style = styleFor(io);
  const { name, namespace = '' } = platform.metadata;
  const place = { name, namespace };
  const { deletionPolicy = 'Retain' } = platform.spec;
  const claims = (await listOf(connection, PersistentVolumeClaims, place, io.signal)).map(({ metadata }) => `volume ${metadata.name}`); // prettier-ignore
  const secrets = await namesOfSecrets(connection, place, io);
  const [lost, kept] = fatesOf(deletionPolicy, claims, secrets);
  const list = (items: readonly string[]): string => items.map((item) => `  ${item}\n`).join('');
  return [
    `platform ${namespace}/${name}, deletionPolicy ${deletionPolicy}\n`,
    lost.length > 0 ? `${style.red('these data are lost for good:')}\n${list(lost)}` : 'no data are lost\n',
    kept.length > 0 ? `these stay, and a platform of the same name takes them up again:\n${list(kept)}` : '',
    'everything else goes: services, their pods, the way in from outside\n',
  ].join('');
}

function fatesOf(policy: string, claims: readonly string[], secrets: readonly string[]): [string[], string[]] {
  if (policy === 'Delete') return [[...claims, ...secrets], []];
  if (policy === 'Snapshot') return [[], [...claims.map((claim) => `a snapshot of ${claim}`), ...secrets]];
  return [[], [...claims, ...secrets]];
}

/** Who may not read Secrets may still delete the platform. */
async function namesOfSecrets(
  connection: Connection,
  place: { name: string; namespace: string },
  io: Io,
): Promise<string[]> {
  const found = await listOf(connection, Secrets, place, io.signal).catch(() => undefined);
  if (!found) return ['the generated Secrets (this user may not list them)'];
  return found.filter(({ metadata }) => metadata.labels?.[dataLabel] !== undefined).map(({ metadata }) => `Secret ${metadata.name}`); // prettier-ignore
}

async function confirm(name: string, io: Io): Promise<void> {
  if (!io.terminal.input) throw new Failure('nothing was deleted: nobody is there to ask', 'say --yes');
  const answer = await io.ask(`Type the platform's name to delete it: `, io.signal);
  if (answer.trim() !== name) throw new Failure('nothing was deleted: that is not its name');
}

async function awaitGone(
  connection: Connection,
  { metadata }: LiveObject<Platform>,
  { timeoutMs, io }: { readonly timeoutMs: number; readonly io: Io },
): Promise<ExitCode> {
  const { name, namespace = '', uid } = metadata;
  let summary = '';
  const ended = (platform: LiveObject<Platform> | undefined): true | undefined => {
    summary = platform?.status?.summary ?? summary;
    return platform?.metadata.uid === uid ? undefined : true;
  };
  try {
    const end = await watchPlatform(connection, io, { place: { name, namespace }, timeoutMs, ended });
    if (end !== 'timeout') {
      io.out(`platform ${namespace}/${name} is gone\n`);
      return exitCodes.ok;
    }
  } catch (error) {
    if (!io.signal.aborted) throw error;
    io.err('interrupted; the deletion goes on\n');
    return exitCodes.interrupted;
  }
  io.err(`not gone within ${timeoutMs / 1000} s: ${summary}\n`);
  io.err(`next: wait, or give up a stage: kubectl annotate genai ${name} -n ${namespace} ${LEAVE_ANNOTATION}=STAGE (edge, workloads, cache, database, snapshots, volumes, secrets)\n`); // prettier-ignore
  return exitCodes.timeout;
}
