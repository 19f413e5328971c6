import { atMost } from './clock.ts';
import type { ShutdownConfig } from './config-pieces.ts';
import type { RunningServer } from './http/server.ts';
import type { ServiceContext } from './service-context.ts';

export interface Stoppable {
  readonly context: ServiceContext;
  readonly config: ShutdownConfig;
  readonly server: RunningServer;
}

/** What closing the parts may take at the end of the grace period. */
const CLOSE_SECONDS = 3;

/** Drains on SIGTERM; on SIGINT, which a person sends, without the delay. A second signal ends the process at once. */
export function stopOnSignal(stoppable: Stoppable): void {
  const onSignal = (signal: 'SIGTERM' | 'SIGINT') => (): void => {
    if (stoppable.context.lifecycle.draining) process.exit(1);
    void stop(stoppable, signal).then(() => process.exit(0));
  };
  process.on('SIGTERM', onSignal('SIGTERM'));
  process.on('SIGINT', onSignal('SIGINT'));
}

/**
 * Not ready at once, but serving for the drain delay, until every proxy has seen it; then no new connections, sockets
 * end, running requests and streams finish; then the parts close. All of it within the grace period.
 */
export async function stop({ context, config, server }: Stoppable, signal: 'SIGTERM' | 'SIGINT'): Promise<void> {
  const { lifecycle, log, clock } = context;
  const graceMs = config.SHUTDOWN_GRACE_SECONDS * 1_000;
  const delayMs = signal === 'SIGINT' ? 0 : Math.min(config.SHUTDOWN_DRAIN_DELAY_SECONDS * 1_000, graceMs / 2);
  const closeMs = Math.min(CLOSE_SECONDS * 1_000, graceMs / 4);
  const endsAtMs = clock.now() + graceMs;
  lifecycle.beginDrain();
  log.info({ signal, drain_delay_ms: delayMs }, 'stopping: not ready any more');
  await clock.sleep(delayMs);
  if (signal === 'SIGINT') lifecycle.endStreams(); // a person waits
  const { cut } = await server.drain(Math.max(0, endsAtMs - clock.now() - 2 * closeMs));
  if (cut) log.warn('requests were cut off at the end of the grace period');
  await atMost(clock, closeMs, lifecycle.close());
  log.info('stopped');
}
