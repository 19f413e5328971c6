import { Command } from 'commander';
import type { Platform } from '../../platform/kinds.ts';
import { Platforms } from '../../platform/kinds.ts';
import type { LiveObject } from '../../runtime/index.ts';
import { ApiError, refTo } from '../../runtime/index.ts';
import type { Cli } from '../cli.ts';
import { examples, fileOption, formatOf, installationOptions, outputOption, withConnection } from '../cli.ts';
import type { Connection, KubeFlags } from '../connection.ts';
import type { ExitCode } from '../exit-codes.ts';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { namespaceOf, readManifest } from '../manifest-file.ts';
import type { FoundInstallation, InstallationFlags } from '../operator-installation.ts';
import { findInstallation } from '../operator-installation.ts';
import { structured } from '../output/structured.ts';
import { styleFor } from '../output/style.ts';
import type { Plan } from '../plan/plan.ts';
import { planOf } from '../plan/plan.ts';
import { printPlan } from '../plan/print-plan.ts';
import { rehearse } from '../plan/rehearsal.ts';
import { submit } from '../plan/submit.ts';
import { version } from '../version.ts';

interface PlanFlags extends KubeFlags, InstallationFlags {
  readonly filename: string;
  readonly output?: string;
  readonly forceConflicts?: boolean;
}

/** `plan -f platform.yaml`: what applying it would do, from the code that does it. */
export function planCommand(cli: Cli): Command {
  const command = new Command('plan')
    .summary('show what applying a platform would do')
    .description(
      "Shows what applying a platform would create, change, restart, replace or lose. The operator's own controller runs " +
        'here on what the cluster holds, with every write as a dry run of the API server; nothing is stored. ' +
        'Secret values are never shown.\n\n' +
        'Exit code 0: nothing would change; 2: something would; 1: it cannot be applied, or planned.',
    )
    .addOption(fileOption())
    .addOption(outputOption('json', 'yaml', 'wide'))
    .option('--force-conflicts', 'plan as if fields that others set were taken over')
    .addHelpText(
      'after',
      examples([
        ['genai-platform plan -f platform.yaml', 'what would happen'],
        ['genai-platform plan -f platform.yaml -o json', 'the same for programs'],
        ['genai-platform plan -f platform.yaml || [ $? -eq 2 ]', 'in CI: fail only where it cannot be applied'],
      ]),
    );
  for (const option of installationOptions()) command.addOption(option);
  return command.action(async () => {
    const flags = command.optsWithGlobals<PlanFlags>();
    await withConnection(command, cli, (connection) => run(connection, flags, cli.io));
  });
}

async function run(connection: Connection, flags: PlanFlags, io: Io): Promise<ExitCode> {
  const { plan, found } = await makePlan(connection, flags, io);
  tellAssumptions(found, io);
  const form = formatOf(flags.output);
  io.out(form ? structured(plan, form) : printPlan(plan, styleFor(io), flags.output === 'wide'));
  if (plan.stopsAt?.forGood === true) return exitCodes.failed;
  if (!plan.changed) return exitCodes.ok;
  if (!form) io.err(`next: genai-platform apply -f ${flags.filename} --wait\n`);
  return exitCodes.changes;
}

/** The plan of a file. @throws what stands in its way, the API server's refusal with field paths among it */
export async function makePlan(
  connection: Connection,
  flags: PlanFlags,
  io: Io,
): Promise<{ readonly plan: Plan; readonly found: FoundInstallation }> {
  const { client, transport } = connection;
  const { signal } = io;
  const manifest = await readManifest(flags.filename, io);
  const namespace = namespaceOf(manifest, flags.namespace, connection.namespace);
  const placed = { ...manifest, metadata: { ...manifest.metadata, namespace } };
  const forceConflicts = flags.forceConflicts === true;
  const after = await submit(connection, placed, { dryRun: true, forceConflicts, signal });
  const before = await client.get(refTo(Platforms, manifest.metadata.name, namespace), signal);
  if (before?.metadata.deletionTimestamp !== undefined) {
    throw new Failure(`platform ${namespace}/${before.metadata.name} is being deleted`, 'wait until it is gone');
  }
  const found = await findInstallation(client, namespace, { flags, signal });
  const { installation } = found;
  const rehearsed = await rehearse({ transport, installation, platform: settled(after, before), signal });
  if (rehearsed.outcome.type === 'failed') throwForbidden(rehearsed.outcome.error);
  return { plan: planOf(before, after, rehearsed), found };
}

/** A dry run that changes nothing answers with the object as it is; one that does has no version yet. */
function settled(after: LiveObject<Platform>, before: LiveObject<Platform> | undefined): LiveObject<Platform> {
  const { resourceVersion } = before?.metadata ?? { resourceVersion: '1' };
  return { ...after, metadata: { ...after.metadata, resourceVersion } };
}

function throwForbidden(error: Error): void {
  const forbidden = error instanceof ApiError && error.code === 403;
  if (!forbidden) return;
  const next = 'a plan asks what the operator asks: it needs the right to read and (as a dry run) to write what a platform consists of, in its namespace'; // prettier-ignore
  throw new Failure(error.message, next, { cause: error });
}

/** What the plan rests on beside the cluster. */
export function tellAssumptions({ assumed, installation }: FoundInstallation, io: Io): void {
  const { release, imageRegistry, operator } = installation;
  if (assumed !== undefined) {
    io.err(`note: ${assumed}; assuming release ${release}, registry ${imageRegistry}, namespace ${operator.namespace}\n`); // prettier-ignore
  } else if (release !== version) {
    io.err(`note: the operator is of release ${release} and this tool of ${version}: its plan may differ\n`);
  }
}
