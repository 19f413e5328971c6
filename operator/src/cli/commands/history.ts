import { Command } from 'commander';
import type { Platform } from '../../platform/kinds.ts';
import { ControllerRevisions } from '../../platform/kinds.ts';
import type { RevisionRecord } from '../../platform/revisions/revision-record.ts';
import { readRecord } from '../../platform/revisions/revision-record.ts';
import type { LiveObject } from '../../runtime/index.ts';
import type { Cli } from '../cli.ts';
import { examples, formatOf, outputOption, withConnection } from '../cli.ts';
import type { Connection, KubeFlags } from '../connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { structured } from '../output/structured.ts';
import { table } from '../output/table.ts';
import { listOf, readPlatform } from '../read-platform.ts';

/** A revision of a platform, with what it is now. */
export interface PastRevision extends RevisionRecord {
  readonly createdAt: string;
  readonly is: readonly ('current' | 'last good' | 'in effect')[];
}

/** The revisions of a platform that are kept, the newest first. */
export async function revisionsOf(
  connection: Connection,
  { metadata, status }: LiveObject<Platform>,
  signal: AbortSignal,
): Promise<PastRevision[]> {
  const { name, namespace = '' } = metadata;
  const objects = await listOf(connection, ControllerRevisions, { name, namespace }, signal);
  const roles = (revision: string): PastRevision['is'] => [
    ...(revision === status?.currentRevision ? (['current'] as const) : []),
    ...(revision === status?.lastGoodRevision ? (['last good'] as const) : []),
    ...(revision === status?.rollback?.to ? (['in effect'] as const) : []),
  ];
  return objects
    .flatMap((object) => {
      const record = readRecord(object, name);
      // StatefulSets keep revisions too, which have no content of ours.
      if (!record || typeof record.content.version !== 'string') return [];
      return [{ ...record, createdAt: object.metadata.creationTimestamp ?? '', is: roles(record.name) }];
    })
    .sort((a, b) => b.number - a.number);
}

/** `history NAME`: the revisions that are kept. */
export function historyCommand(cli: Cli): Command {
  const command = new Command('history')
    .summary('list the revisions of a platform')
    .description('Lists the revisions of a platform that are kept, the newest first, with what came of each.')
    .argument('<name>', 'name of the platform')
    .addOption(outputOption('json', 'yaml', 'wide'))
    .addHelpText(
      'after',
      examples([
        ['genai-platform history acme', 'the table'],
        ['genai-platform history acme -o yaml', 'with what each revision consisted of'],
      ]),
    );
  return command.action(async (name: string) => {
    const flags = command.optsWithGlobals<KubeFlags & { readonly output?: string }>();
    await withConnection(command, cli, async (connection) => {
      const platform = await readPlatform(connection, name, cli.io.signal);
      const revisions = await revisionsOf(connection, platform, cli.io.signal);
      const form = formatOf(flags.output);
      cli.io.out(form ? structured(revisions, form) : printed(revisions, flags.output === 'wide'));
      return exitCodes.ok;
    });
  });
}

const MAX_MESSAGE = 80;

function printed(revisions: readonly PastRevision[], wide: boolean): string {
  const rows = revisions.map(({ number, name, content, result, is, createdAt, message = '' }) => [
    String(number),
    name,
    content.version,
    result,
    is.join(', '),
    createdAt,
    wide || message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE - 1)}…`,
  ]);
  return table(['NUMBER', 'REVISION', 'VERSION', 'RESULT', 'IS', 'CREATED', 'MESSAGE'], rows);
}
