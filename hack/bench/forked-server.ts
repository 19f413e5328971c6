import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Pool } from 'undici';
import { sourceFlags } from '../machine/source-flags.ts';

/** A server that is measured, in a process of its own. */
export interface ForkedServer<Start> {
  readonly pool: Pool;
  readonly url: string;
  /** What it said when it was ready. */
  readonly start: Start;
  /** User and system time since its start. */
  readonly cpuMicros: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts `program kind`, which gets `given` where there is anything to give, says its port in its first message, and
 * answers each `cpu` with its use of the processor.
 */
export async function forkServer<Start extends { readonly port: number }>(
  program: URL,
  kind: string,
  { connections, given }: { readonly connections: number; readonly given?: object },
): Promise<ForkedServer<Start>> {
  const child = fork(program, [kind], { execArgv: [...sourceFlags] });
  if (given !== undefined) child.send(given);
  const [start] = (await once(child, 'message')) as [Start];
  const url = `http://127.0.0.1:${start.port}`;
  const pool = new Pool(url, { connections });
  return {
    pool,
    url,
    start,
    cpuMicros: async () => {
      child.send('cpu');
      const [{ cpu }] = (await once(child, 'message')) as [{ cpu: { user: number; system: number } }];
      return cpu.user + cpu.system;
    },
    stop: async () => {
      await pool.close();
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
