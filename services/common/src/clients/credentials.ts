import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Reads the files `username` and `password` of a mounted Secret. They are read for every new connection, so a rotated
 * password is used without a restart.
 *
 * @throws Error that names the file, never its content
 */
export async function readCredentials(folder: string): Promise<Credentials> {
  const [username, password] = await Promise.all([
    readFile(join(folder, 'username'), 'utf8'),
    readFile(join(folder, 'password'), 'utf8'),
  ]);
  return { username: trimNewline(username), password: trimNewline(password) };
}

function trimNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}
