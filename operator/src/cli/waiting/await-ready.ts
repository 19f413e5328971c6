import type { Platform } from '../../platform/kinds.ts';
import type { LiveObject } from '../../runtime/index.ts';
import type { Connection } from '../connection.ts';
import type { ExitCode } from '../exit-codes.ts';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { styleFor } from '../output/style.ts';
import type { Place } from '../read-platform.ts';
import { conditionOf, isStalled } from '../view/platform-view.ts';
import { watchPlatform } from './watch-platform.ts';

type End = 'ready' | 'stalled' | 'suspended' | 'gone';

/** Waits until the platform is ready, and says what to do next, however it ends. */
export async function awaitReady(
  connection: Connection,
  io: Io,
  { place, timeoutMs }: { readonly place: Place; readonly timeoutMs: number },
): Promise<ExitCode> {
  let last: LiveObject<Platform> | undefined;
  const ended = (platform: LiveObject<Platform> | undefined): End | undefined => {
    last = platform ?? last;
    return endOf(platform);
  };
  try {
    const end = await watchPlatform(connection, io, { place, timeoutMs, ended });
    return conclude(end, last, { place, timeoutMs, io });
  } catch (error) {
    if (!io.signal.aborted) throw error;
    io.err(`interrupted; the operator goes on. next: ${command('status', place)} --watch\n`);
    return exitCodes.interrupted;
  }
}

function endOf(platform: LiveObject<Platform> | undefined): End | undefined {
  if (!platform) return 'gone';
  if (conditionOf(platform, 'Ready')?.status === 'True') return 'ready';
  if (isStalled(platform)) return 'stalled';
  const isTold = platform.status?.observedGeneration === platform.metadata.generation;
  return platform.spec.suspend === true && isTold ? 'suspended' : undefined;
}

interface Told {
  readonly place: Place;
  readonly timeoutMs: number;
  readonly io: Io;
}

function conclude(
  end: End | 'timeout',
  last: LiveObject<Platform> | undefined,
  { place, timeoutMs, io }: Told,
): ExitCode {
  const style = styleFor(io);
  const summary = last?.status?.summary ?? '';
  switch (end) {
    case 'ready':
      io.out(`${style.green('ready')}: ${place.namespace}/${place.name}\n${howToUse(last, place)}`);
      return exitCodes.ok;
    case 'stalled':
      io.err(`${style.red('it needs somebody’s help')}: ${summary}\nnext: ${command('logs', place)}; ${command('rollback', place)}\n`); // prettier-ignore
      return exitCodes.stalled;
    case 'suspended':
      io.err(`it is suspended: nothing is done. next: ${command('resume', place)}\n`);
      return exitCodes.stalled;
    case 'timeout':
      io.err(`${style.red(`not ready within ${timeoutMs / 1000} s`)}: ${summary}\nnext: ${command('status', place)} --watch\n`); // prettier-ignore
      return exitCodes.timeout;
    case 'gone':
      throw new Failure(`platform ${place.namespace}/${place.name} was deleted meanwhile`);
  }
}

function howToUse(platform: LiveObject<Platform> | undefined, { namespace, name }: Place): string {
  const { endpoints, bootstrapAdmin } = platform?.status ?? {};
  const secret = bootstrapAdmin?.secretRef.name;
  const lines = [
    endpoints?.external === undefined ? `kubectl -n ${namespace} port-forward svc/${name}-gateway 8000` : `it answers at ${endpoints.external}`, // prettier-ignore
    ...(secret === undefined ? [] : [`kubectl -n ${namespace} get secret ${secret} -o jsonpath='{.data.api-key}' | base64 -d   # the first API key`]), // prettier-ignore
  ];
  return `next: ${lines.join('\n      ')}\n`;
}

/** The tool's own command about a platform. */
export function command(name: string, place: Place): string {
  return `genai-platform ${name} ${place.name} -n ${place.namespace}`;
}
