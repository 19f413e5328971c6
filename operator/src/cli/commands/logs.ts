import { Command, InvalidArgumentError } from 'commander';
import { Pods } from '../../platform/kinds.ts';
import { sleep, systemClock } from '../../runtime/index.ts';
import type { Cli } from '../cli.ts';
import { examples, withConnection } from '../cli.ts';
import type { Connection, KubeFlags } from '../connection.ts';
import { parseDuration } from '../duration.ts';
import type { ExitCode } from '../exit-codes.ts';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Io } from '../io.ts';
import type { LogSource } from '../logs/log-sources.ts';
import { sourceName, sourcesOf } from '../logs/log-sources.ts';
import type { LogRange } from '../logs/read-log.ts';
import { readLog } from '../logs/read-log.ts';
import type { Style } from '../output/style.ts';
import { styleFor } from '../output/style.ts';
import { listOf, readPlatform } from '../read-platform.ts';
import { workloadNames } from '../view/platform-view.ts';

interface LogFlags extends KubeFlags {
  readonly follow?: boolean;
  readonly since?: number;
  readonly tail?: number;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
}

const LOOK_AGAIN_MS = 2_000;

/** `logs NAME [service…]`: what the pods of a platform write. */
export function logsCommand(cli: Cli): Command {
  const command = new Command('logs')
    .summary('print what the pods of a platform write')
    .description(
      'Prints the logs of the pods of a platform, each line after the name of its pod. A container that has crashed shows ' +
        'the run before; Jobs that failed, migrations among them, are there too. With -f new pods are followed as they come.',
    )
    .argument('<name>', 'name of the platform')
    .argument('[service...]', `workloads (default: all): ${workloadNames.join(', ')}`)
    .option('-f, --follow', 'go on until Ctrl-C')
    .option('--since <duration>', 'only what is newer, for example 10m', parseDuration)
    .option('--tail <lines>', 'only the last lines of each container', parseCount)
    .option('-p, --previous', 'only the runs before the present ones')
    .option('--timestamps', 'with the time of each line')
    .addHelpText(
      'after',
      examples([
        ['genai-platform logs acme', 'everything that runs or has failed'],
        ['genai-platform logs acme gateway search -f --since 5m', 'two services, live'],
        ['genai-platform logs acme search --previous', 'why it crashed'],
      ]),
    );
  return command.action(async (name: string, services: string[]) => {
    const flags = command.optsWithGlobals<LogFlags>();
    await withConnection(command, cli, (connection) => run(connection, { name, services, flags }, cli.io));
  });
}

function parseCount(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('It must be a number.');
  return Number(text);
}

interface Request {
  readonly name: string;
  readonly services: readonly string[];
  readonly flags: LogFlags;
}

async function run(connection: Connection, { name, services, flags }: Request, io: Io): Promise<ExitCode> {
  await readPlatform(connection, name, io.signal);
  const place = { namespace: connection.namespace, name };
  const choice = { workloads: services, previous: flags.previous === true };
  const look = async (): Promise<LogSource[]> => sourcesOf(await listOf(connection, Pods, place, io.signal), choice);
  const reader = new LogReader(connection, io, rangeOf(flags));
  const sources = await look();
  if (sources.length === 0 && flags.follow !== true) {
    throw new Failure(`no pod of ${name} has written anything`, `genai-platform status ${name} -n ${place.namespace}`);
  }
  if (flags.follow === true) return reader.follow(look);
  for (const source of sources) await reader.read(source);
  return reader.succeeded > 0 ? exitCodes.ok : exitCodes.failed;
}

function rangeOf({ since, tail, timestamps, follow }: LogFlags): LogRange {
  return {
    ...(since !== undefined && { sinceMs: since }),
    ...(tail !== undefined && { tailLines: tail }),
    ...(timestamps === true && { timestamps }),
    ...(follow === true && { follow }),
  };
}

class LogReader {
  succeeded = 0;
  readonly #connection: Connection;
  readonly #io: Io;
  readonly #range: LogRange;
  readonly #style: Style;

  constructor(connection: Connection, io: Io, range: LogRange) {
    this.#connection = connection;
    this.#io = io;
    this.#range = range;
    this.#style = styleFor(io);
  }

  /** Prints one log. What cannot be read is told, and is no reason to leave out the others. */
  async read(source: LogSource): Promise<void> {
    const { transport, namespace } = this.#connection;
    const prefix = this.#style.cyan(sourceName(source));
    try {
      for await (const line of readLog(transport, { ...source, namespace }, this.#range, this.#io.signal)) {
        this.#io.out(`${prefix} ${line}\n`);
      }
      this.succeeded += 1;
    } catch (error) {
      this.#io.signal.throwIfAborted();
      this.#io.err(`${sourceName(source)} cannot be read: ${(error as Error).message}\n`);
    }
  }

  /** Reads all there are, and those that come, until Ctrl-C. */
  async follow(look: () => Promise<LogSource[]>): Promise<ExitCode> {
    const known = new Set<string>();
    try {
      for (;;) {
        const sources = (await look()).filter((source) => !known.has(sourceName(source)));
        for (const source of sources) {
          known.add(sourceName(source));
          void this.read(source).catch(() => undefined); // interrupted: nobody listens any more
        }
        await sleep(systemClock, LOOK_AGAIN_MS, this.#io.signal);
      }
    } catch (error) {
      if (!this.#io.signal.aborted) throw error;
      return exitCodes.interrupted;
    }
  }
}
