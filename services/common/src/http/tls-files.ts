import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:tls';

/** A server certificate with its chain, and its key, as PEM files. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A mounted Secret is replaced as a whole; looking at it this often finds a renewed certificate days before it is needed. */
const LOOK_AGAIN_MS = 30_000;

/** @throws an error of the file system */
export function readTlsFiles({ certFile, keyFile }: TlsFiles): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(certFile), key: readFileSync(keyFile) };
}

/**
 * Makes new connections use the files' content when it changes; connections that are open keep what they have.
 *
 * @param onError told when the files cannot be used, for example because only one of them is new yet
 * @returns ends the watching
 */
export function followTlsFiles(server: Server, files: TlsFiles, onError: (error: unknown) => void): () => void {
  const renew = (): void => {
    try {
      server.setSecureContext(readTlsFiles(files));
    } catch (error) {
      onError(error);
    }
  };
  const names = [files.certFile, files.keyFile];
  for (const name of names) watchFile(name, { interval: LOOK_AGAIN_MS, persistent: false }, renew);
  return () => names.forEach((name) => unwatchFile(name, renew));
}
