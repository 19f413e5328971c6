import { chownSync, copyFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { locateDatabasePrograms, type DatabasePrograms } from './database-programs.ts';
import { createServerFolder, freePort, startLocalServer } from './local-server.ts';
import type { LocalServer, ServerFolder } from './local-server.ts';

/** What kind of server is wanted. */
export interface ValkeyOptions {
  /** Lines of an ACL file, for example `user default off` and `user gateway on >secret ~* &* +@all`. */
  readonly acl?: readonly string[];
  /** Accepts connections over TLS only; its certificate is for `localhost` and 127.0.0.1, signed by `caFile`. */
  readonly tls?: boolean;
}

/** A running Valkey (Redis where only that is installed). Its data are gone with it. */
export interface TestValkey {
  readonly host: string;
  readonly port: number;
  /** `redis://` or `rediss://`, without a user. */
  readonly url: string;
  /** The authority that signed the server's certificate, with `tls`. */
  readonly caFile: string;
  /** Writes another ACL file; the server goes on with the old one until `ACL LOAD`. */
  writeAcl(acl: readonly string[]): void;
  /** Ends the server at once, as a crash would. */
  stop(): Promise<void>;
  /** Starts a stopped server again, empty, at the same port. */
  start(): Promise<void>;
}

/** Starts a Valkey for this test file alone; call `stop()` when done. Takes about 50 ms. */
export async function startValkey({ acl = [], tls = false }: ValkeyOptions = {}): Promise<TestValkey> {
  const programs = locateDatabasePrograms();
  const folder = createServerFolder(programs.valkey);
  const port = await freePort();
  writeConfiguration(programs, folder, configuration({ folder, port, acl, tls }));
  const writeAcl = (lines: readonly string[]): void => {
    writeOwned(programs, join(folder.outside, 'users.acl'), `${lines.join('\n')}\n`);
  };
  writeAcl(acl);
  let server: LocalServer | undefined;
  const start = async (): Promise<void> => {
    server ??= await launch(programs, folder, { port, tls });
  };
  const stop = async (): Promise<void> => {
    await server?.stop('SIGKILL');
    server = undefined;
  };
  await start();
  const host = '127.0.0.1';
  const url = `${tls ? 'rediss' : 'redis'}://${host}:${String(port)}`;
  return { host, port, url, caFile: programs.tls.caFile, writeAcl, stop, start };
}

interface Configuration {
  readonly folder: ServerFolder;
  readonly port: number;
  readonly acl: readonly string[];
  readonly tls: boolean;
}

function configuration({ folder: { inside }, port, acl, tls }: Configuration): string {
  const lines = ['bind 127.0.0.1', `dir ${inside}`, 'save ""', 'appendonly no', 'daemonize no'];
  lines.push(tls ? 'port 0' : `port ${String(port)}`);
  if (acl.length > 0) lines.push(`aclfile ${inside}/users.acl`);
  if (tls) {
    lines.push(`tls-port ${String(port)}`, 'tls-auth-clients no', `tls-ca-cert-file ${inside}/ca.crt`);
    lines.push(`tls-cert-file ${inside}/tls.crt`, `tls-key-file ${inside}/tls.key`);
  }
  return `${lines.join('\n')}\n`;
}

function writeConfiguration(programs: DatabasePrograms, folder: ServerFolder, text: string): void {
  writeOwned(programs, join(folder.outside, 'valkey.conf'), text);
  for (const file of Object.values(programs.tls)) {
    const copy = join(folder.outside, basename(file));
    copyFileSync(file, copy);
    own(programs, copy);
  }
}

function writeOwned(programs: DatabasePrograms, file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  own(programs, file);
}

function own({ valkey }: DatabasePrograms, file: string): void {
  if (process.getuid?.() === 0) chownSync(file, valkey.uid, valkey.gid);
}

async function launch(
  { valkey }: DatabasePrograms,
  folder: ServerFolder,
  { port, tls }: { port: number; tls: boolean },
): Promise<LocalServer> {
  return startLocalServer({
    programs: valkey,
    command: [valkey.server, `${folder.inside}/valkey.conf`],
    folder,
    orphanSignal: 'KILL',
    isReady: () => valkeyAnswers(port, tls),
  });
}

/** Whether a Valkey or Redis answers at a port of 127.0.0.1, be it by asking for a password. */
export async function valkeyAnswers(port: number, tls: boolean): Promise<boolean> {
  const address = { host: '127.0.0.1', port };
  const socket = tls ? connectTls({ ...address, rejectUnauthorized: false }) : connect(address);
  socket.setTimeout(1000, () => socket.destroy());
  socket.write('PING\r\n');
  const answered = await new Promise<boolean>((resolve) => {
    socket.once('data', () => {
      resolve(true);
    });
    socket
      .once('error', () => undefined)
      .once('close', () => {
        resolve(false);
      });
  });
  socket.destroy();
  return answered;
}
