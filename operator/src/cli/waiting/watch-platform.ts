import type { Condition } from '@genai-platform/crds';
import type { Platform } from '../../platform/kinds.ts';
import { Platforms } from '../../platform/kinds.ts';
import type { LiveObject } from '../../runtime/index.ts';
import { ApiError, RuntimeError, refTo, sleep, systemClock } from '../../runtime/index.ts';
import type { Connection } from '../connection.ts';
import type { Io } from '../io.ts';
import { Screen } from '../output/screen.ts';
import { styleFor } from '../output/style.ts';
import type { Place } from '../read-platform.ts';
import { viewOf } from '../view/platform-view.ts';
import { printView } from '../view/print-view.ts';

const LOOK_AGAIN_MS = 1_000;

/** What is waited for. */
export interface Waiting<R> {
  readonly place: Place;
  /** Undefined: as long as it takes. */
  readonly timeoutMs?: number;
  /** How it ended, once it has; asked again after each look. `undefined` for a platform that is gone. */
  readonly ended: (platform: LiveObject<Platform> | undefined) => R | undefined;
}

/**
 * Looks at a platform until something has come about: on a terminal as a tree that is drawn again, elsewhere a line for
 * each piece of news. A connection that fails on the way is tried again.
 * @returns what `ended` said, or `timeout`
 */
export async function watchPlatform<R>(
  connection: Connection,
  io: Io,
  { place, timeoutMs, ended }: Waiting<R>,
): Promise<R | 'timeout'> {
  const endsAt = systemClock.monotonic() + (timeoutMs ?? Infinity);
  const tell = io.terminal.output && !io.config.dumbTerminal ? liveTeller(connection, io) : lineTeller(io);
  for (;;) {
    const seen = await look(connection, place, { io, tell });
    const result = seen && ended(seen.platform);
    if (result !== undefined) return result;
    if (systemClock.monotonic() >= endsAt) return 'timeout';
    await sleep(systemClock, LOOK_AGAIN_MS, io.signal);
  }
}

/** One look; undefined where the API server could not be asked, which is told and tried again. */
async function look(
  connection: Connection,
  place: Place,
  { io, tell }: { readonly io: Io; readonly tell: Teller },
): Promise<{ readonly platform: LiveObject<Platform> | undefined } | undefined> {
  try {
    const platform = await connection.client.get(refTo(Platforms, place.name, place.namespace), io.signal);
    if (platform) await tell(platform);
    return { platform };
  } catch (error) {
    io.signal.throwIfAborted();
    if (!(error instanceof RuntimeError) || error.policy.retry === 'never' || isRefusal(error)) throw error;
    io.err(`${error.message}; trying again\n`);
    return undefined;
  }
}

/** Who may not look now will not be allowed to a second later. */
function isRefusal(error: RuntimeError): boolean {
  return error instanceof ApiError && (error.code === 401 || error.code === 403);
}

type Teller = (platform: LiveObject<Platform>) => Promise<void>;

function liveTeller(connection: Connection, io: Io): Teller {
  const screen = new Screen(io);
  const style = styleFor(io);
  return async (platform) => {
    const tree = printView(await viewOf(connection, platform, io.signal), style, io.terminal.columns);
    screen.draw(fitting(tree, io.terminal.rows));
  };
}

/** What does not fit on the screen could not be drawn over. */
function fitting(text: string, rows: number): string {
  const lines = text.split('\n');
  return rows > 0 && lines.length > rows ? `${lines.slice(0, rows - 1).join('\n')}\n` : text;
}

/** The summary when it changes, and each condition when it turns. */
function lineTeller(io: Io): Teller {
  const told = new Map<string, string>();
  const isNews = (topic: string, text: string): boolean => {
    if (text === '' || told.get(topic) === text) return false;
    told.set(topic, text);
    return true;
  };
  return async (platform) => {
    const turned = present(platform).filter(({ type, status, reason }) => isNews(type, `${status} ${reason}`));
    const news = turned.map(({ type, status, reason, message }) => `${type} ${status} ${reason} ${message}`.trimEnd());
    const summary = platform.status?.summary ?? '';
    const time = new Date().toISOString().slice(11, 19);
    for (const text of isNews('', summary) ? [...news, summary] : news) io.out(`${time} ${text}\n`);
  };
}

function present({ metadata, status }: Platform): Condition[] {
  return (status?.conditions ?? []).filter(({ observedGeneration }) => observedGeneration === metadata.generation);
}
