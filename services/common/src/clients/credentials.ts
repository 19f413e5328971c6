import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** A file of the credentials is missing or may not be read; the message names the file. */
export class CredentialsUnreadable extends Error {
  constructor(file: string, cause: unknown) {
    const reason = (cause as { code?: unknown }).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    super(`the credentials file ${file} ${reason}`, { cause });
    this.name = 'CredentialsUnreadable';
  }
}

/**
 * Reads the files `username` and `password` of a mounted Secret. They are read for every new connection, so a rotated
 * password is used without a restart.
 *
 * @throws CredentialsUnreadable
 */
export async function readCredentials(folder: string): Promise<Credentials> {
  const [username, password] = await Promise.all([
    readCredentialsFile(join(folder, 'username')),
    readCredentialsFile(join(folder, 'password')),
  ]);
  return { username: trimNewline(username), password: trimNewline(password) };
}

/** Reads a file that belongs to the credentials, such as the certificate of an authority. @throws CredentialsUnreadable */
export async function readCredentialsFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CredentialsUnreadable(file, error);
  }
}

function trimNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}
