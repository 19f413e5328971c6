import { Command } from 'commander';
import type { Platform, Pod } from '../../platform/kinds.ts';
import type { LiveObject } from '../../runtime/index.ts';
import { Archive } from '../bundle/archive.ts';
import { Collector } from '../bundle/collect.ts';
import { eventsOf } from '../bundle/events.ts';
import { Redaction } from '../bundle/redaction.ts';
import type { Cli } from '../cli.ts';
import { examples, withConnection } from '../cli.ts';
import type { Connection, KubeFlags } from '../connection.ts';
import type { ExitCode } from '../exit-codes.ts';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { structured } from '../output/structured.ts';
import { styleFor } from '../output/style.ts';
import { readPlatform } from '../read-platform.ts';
import { serverVersion } from '../server-version.ts';
import { version } from '../version.ts';
import { viewOf } from '../view/platform-view.ts';
import { printView } from '../view/print-view.ts';
import { revisionsOf } from './history.ts';

interface BundleFlags extends KubeFlags {
  readonly output?: string;
}

/** `support-bundle NAME`: what somebody else needs to see what is wrong, without a secret in it. */
export function supportBundleCommand(cli: Cli): Command {
  const command = new Command('support-bundle')
    .summary('collect what somebody needs to help, without secrets')
    .description(
      'Writes a .tar.gz with the platform, its status, history, objects, events, the logs of its pods and of the operator ' +
        '(the last 5000 lines and 2 MiB of each container), and versions. Of Secrets only the names of their keys are in it; ' +
        'their values, and whatever else looks like a credential, are taken out of every file. Texts that users sent to ' +
        'the platform may be in logs: look through it before you hand it on.',
    )
    .argument('<name>', 'name of the platform')
    .option('-o, --output <file>', 'file to write (default: NAME-TIME.tar.gz)')
    .addHelpText(
      'after',
      examples([
        ['genai-platform support-bundle acme', 'writes acme-<time>.tar.gz'],
        ['genai-platform support-bundle acme -o bundle.tar.gz', 'writes this file, which must not exist'],
      ]),
    );
  return command.action(async (name: string) => {
    const flags = command.optsWithGlobals<BundleFlags>();
    await withConnection(command, cli, (connection) => run(connection, { name, flags }, cli.io));
  });
}

async function run(
  connection: Connection,
  { name, flags }: { readonly name: string; readonly flags: BundleFlags },
  io: Io,
): Promise<ExitCode> {
  const platform = await readPlatform(connection, name, io.signal);
  const stem = `${name}-${new Date().toISOString().replace(/[:.]/g, '-').slice(0, 19)}`;
  const path = flags.output ?? `${stem}.tar.gz`;
  const collector = new Collector(connection, io.signal);
  const redaction = new Redaction(await secretsOf(collector, platform));
  try {
    const archive = await Archive.create(path, stem);
    const bundle: Bundle = { connection, platform, collector, redaction, archive, io };
    await addFacts(bundle);
    await addObjects(bundle);
    await addOperators(bundle);
    await archive.add('problems.txt', redaction.text(collector.problems.map((line) => `${line}\n`).join('')));
    await archive.end();
    const left = collector.problems.length;
    const more = left > 0 ? `; ${left} things could not be read, see problems.txt in it` : '';
    io.out(`${path}: ${archive.files} files${more}\n`);
    return exitCodes.ok;
  } catch (error) {
    io.signal.throwIfAborted();
    throw new Failure(`${path} cannot be written: ${(error as Error).message}`, 'name another file with -o', { cause: error }); // prettier-ignore
  }
}

/** @throws Failure: without knowing the values nobody can take them out */
async function secretsOf(collector: Collector, platform: LiveObject<Platform>): ReturnType<Collector['secrets']> {
  try {
    return await collector.secrets(platform);
  } catch (error) {
    const next = 'ask somebody with the right to read the Secrets of the namespace: without knowing their values they cannot be taken out of logs'; // prettier-ignore
    throw new Failure((error as Error).message, next, { cause: error });
  }
}

interface Bundle {
  readonly connection: Connection;
  readonly platform: LiveObject<Platform>;
  readonly collector: Collector;
  readonly redaction: Redaction;
  readonly archive: Archive;
  readonly io: Io;
}

async function addFacts({ connection, platform, collector, redaction, archive, io }: Bundle): Promise<void> {
  const { name, namespace } = platform.metadata;
  const server = await collector.attempt('version of the API server', () => serverVersion(connection, io.signal));
  await archive.add('versions.yaml', structured({ tool: version, node: process.version, server }, 'yaml'));
  await archive.add('platform.yaml', structured(redaction.object(platform), 'yaml'));
  const view = await collector.attempt('status', () => viewOf(connection, platform, io.signal));
  const plain = styleFor({ ...io, config: { ...io.config, colour: false } });
  if (view) await archive.add('status.txt', redaction.text(printView(view, plain)));
  const history = await collector.attempt('history', () => revisionsOf(connection, platform, io.signal));
  await archive.add('history.yaml', structured(redaction.object(history ?? []), 'yaml'));
  const events = await collector.attempt('events', () => eventsOf(connection, { name, namespace }, io.signal));
  await archive.add('events.yaml', structured(redaction.object(events ?? []), 'yaml'));
}

async function addObjects({ platform, collector, redaction, archive }: Bundle): Promise<void> {
  const { name, namespace } = platform.metadata;
  const objects = await collector.objects({ name, namespace });
  for (const object of objects) {
    await archive.add(`objects/${object.kind}/${object.metadata.name}.yaml`, structured(redaction.object(object), 'yaml')); // prettier-ignore
  }
  const pods = objects.filter(({ kind }) => kind === 'Pod') as LiveObject<Pod>[];
  await addLogs('logs', pods, { collector, redaction, archive });
}

async function addOperators({ collector, redaction, archive }: Bundle): Promise<void> {
  const { deployments, pods } = await collector.operators();
  for (const deployment of deployments) {
    const { namespace = '', name } = deployment.metadata;
    await archive.add(`operator/${namespace}-${name}.yaml`, structured(redaction.object(deployment), 'yaml'));
  }
  await addLogs('operator/logs', pods, { collector, redaction, archive });
}

async function addLogs(
  folder: string,
  pods: readonly LiveObject<Pod>[],
  { collector, redaction, archive }: Pick<Bundle, 'collector' | 'redaction' | 'archive'>,
): Promise<void> {
  for await (const { source, text } of collector.logs(pods)) {
    const run = source.previous ? '.previous' : '';
    await archive.add(`${folder}/${source.pod}/${source.container}${run}.log`, redaction.text(text));
  }
}
