import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Subject and tenant of the bootstrap API key too: both are the same administrator. */
export const BOOTSTRAP_ID = 'admin';
export const BOOTSTRAP_TENANT = 'default';

/** The administrator that exists from the start. The password is in a mounted Secret, and read anew each time: it rotates. */
export class BootstrapAdmin {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws when the file cannot be read */
  async matches(password: string): Promise<boolean> {
    const wanted = (await readFile(join(this.#folder, 'password'), 'utf8')).trim();
    // Digests have one length, and comparing them takes one time.
    return wanted !== '' && timingSafeEqual(digest(wanted), digest(password));
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
