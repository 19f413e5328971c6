import { isDeepStrictEqual } from 'node:util';
import type { RevisionContent } from '@genai-platform/cdk8s';
import { withRevision } from '@genai-platform/cdk8s';
import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { api } from '@genai-platform/crds';
import { Command } from 'commander';
import type { Installation } from '../../platform/installation.ts';
import type { Platform } from '../../platform/kinds.ts';
import { Platforms } from '../../platform/kinds.ts';
import type { LiveObject } from '../../runtime/index.ts';
import { refTo } from '../../runtime/index.ts';
import type { Cli } from '../cli.ts';
import { examples, withConnection } from '../cli.ts';
import type { Connection, KubeFlags } from '../connection.ts';
import type { ExitCode } from '../exit-codes.ts';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { findInstallation } from '../operator-installation.ts';
import { fieldChanges } from '../plan/field-changes.ts';
import { submit } from '../plan/submit.ts';
import { readPlatform } from '../read-platform.ts';
import { removalOf } from '../removal.ts';
import { awaitReady, command as toolCommand } from '../waiting/await-ready.ts';
import { timeoutOption } from './apply.ts';
import type { PastRevision } from './history.ts';
import { revisionsOf } from './history.ts';

interface RollbackFlags extends KubeFlags {
  readonly to?: string;
  readonly wait?: boolean;
  readonly timeout: number;
}

/** `rollback NAME`: has the specification ask for an earlier revision again. */
export function rollbackCommand(cli: Cli): Command {
  const command = new Command('rollback')
    .summary('go back to an earlier revision')
    .description(
      "Writes the workloads' definition of an earlier revision into the platform's specification: images, configuration, " +
        'resources. How many pods there are and what becomes of data stay as they are; schemas do not go back. What your ' +
        'files say is not changed: the next apply of them brings their state back.',
    )
    .argument('<name>', 'name of the platform')
    .option('--to <revision>', 'revision to go back to, by name or number (default: the last good one)')
    .option('--wait', 'wait until the platform is ready')
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      examples([
        ['genai-platform history acme', 'what there is to go back to'],
        ['genai-platform rollback acme --wait', 'back to the last good revision'],
        ['genai-platform rollback acme --to 4f1c0a2b9d', 'back to this one'],
      ]),
    );
  return command.action(async (name: string) => {
    const flags = command.optsWithGlobals<RollbackFlags>();
    await withConnection(command, cli, (connection) => run(connection, { name, flags }, cli.io));
  });
}

async function run(
  connection: Connection,
  { name, flags }: { readonly name: string; readonly flags: RollbackFlags },
  io: Io,
): Promise<ExitCode> {
  const { signal } = io;
  const platform = await readPlatform(connection, name, signal);
  const target = choose(await revisionsOf(connection, platform, signal), flags.to, platform);
  const place = { namespace: connection.namespace, name };
  const { installation } = await findInstallation(connection.client, place.namespace, { flags: {}, signal });
  const spec = specOf(platform.spec, target.content, installation);
  await write(connection, platform, { spec, io });
  io.out(`platform ${place.namespace}/${name} goes back to revision ${target.name} (number ${target.number}, version ${target.content.version})\n`); // prettier-ignore
  io.err('note: your files still say otherwise; the next apply of them brings their state back\n');
  if (flags.wait === true) return awaitReady(connection, io, { place, timeoutMs: flags.timeout });
  io.err(`next: ${toolCommand('status', place)} --watch\n`);
  return exitCodes.ok;
}

/** @throws Failure where there is nothing to go back to */
function choose(
  revisions: readonly PastRevision[],
  wanted: string | undefined,
  { metadata, status }: LiveObject<Platform>,
): PastRevision {
  const next = `look at them: genai-platform history ${metadata.name} -n ${metadata.namespace}`;
  if (wanted !== undefined) {
    const found = revisions.find(({ name, number }) => name === wanted || String(number) === wanted);
    if (!found) throw new Failure(`there is no revision ${wanted}`, next);
    if (found.name === status?.currentRevision) throw new Failure(`revision ${wanted} is what is wanted already`, next);
    return found;
  }
  const good = revisions.filter(({ name, result }) => result === 'Good' && name !== status?.currentRevision);
  const [best] = [...good.filter(({ name }) => name === status?.lastGoodRevision), ...good];
  if (!best) throw new Failure('there is no earlier revision that was good', next);
  return best;
}

/**
 * The specification with a revision's workloads: so that it asks for that very revision, and pins nothing that would come
 * out the same by itself. The images of database and cache stay as they are, where the revision had others.
 */
function specOf(present: GenAIPlatformSpec, content: RevisionContent, installation: Installation): GenAIPlatformSpec {
  const { release, imageRegistry } = installation;
  const spec = withRevision(present, content, { release });
  const then = withRevision({ ...present, version: content.version, ...images(content.images) }, content, { release });
  const same = isDeepStrictEqual(spec.images, then.images);
  const { version: _version, images: _images, ...rest } = spec;
  const { registry, ...others } = (same ? content.images : spec.images) ?? {};
  const wanted = { ...(registry !== undefined && registry !== imageRegistry && { registry }), ...others };
  return {
    ...rest,
    ...(present.version === undefined && content.version === release ? {} : { version: content.version }),
    ...(Object.keys(wanted).length > 0 && { images: wanted }),
  };
}

function images(value: GenAIPlatformSpec['images']): Pick<GenAIPlatformSpec, 'images'> {
  return value === undefined ? {} : { images: value };
}

/** An apply removes only what this tool set before; what others set and the revision lacks is removed by itself. */
async function write(
  connection: Connection,
  platform: LiveObject<Platform>,
  { spec, io }: { readonly spec: GenAIPlatformSpec; readonly io: Io },
): Promise<void> {
  const { apiVersion, kind } = { ...api };
  const { name, namespace, uid } = platform.metadata;
  const manifest = { apiVersion, kind, metadata: { name, namespace, uid }, spec };
  const applied = await submit(connection, manifest, { dryRun: false, forceConflicts: true, signal: io.signal });
  const asObject = (content: object): typeof manifest => ({ ...manifest, spec: content as GenAIPlatformSpec });
  const left = fieldChanges(asObject(applied.spec), asObject(spec)).filter((change) => !('to' in change));
  if (left.length === 0) return;
  const context = { signal: io.signal, guard: () => undefined };
  await connection.client.mergePatch(refTo(Platforms, name, namespace), removalOf(left.map(({ path }) => path)), context); // prettier-ignore
}
