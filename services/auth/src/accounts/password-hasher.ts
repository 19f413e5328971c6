import { AppError } from '@genai-platform/common';
import { hashPassword, verifyPassword } from '../domain/password-hash.ts';

/** Each takes 19 MiB and one of Node's four threads, which files and name resolution need as well. */
const PARALLEL = 3;
/** At 30 ms each, whoever is the last in the queue waits half a second. */
const MAX_WAITING = 48;

/** Hashes and compares passwords, so many at a time; more than can wait are turned away. */
export class PasswordHasher {
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** Compared with where there is no such user, so that both take the same time. Of a password that nobody knows. */
  readonly #decoy = hashPassword(crypto.randomUUID());

  /** @throws AppError 503 when too many wait already */
  async hash(password: string): Promise<string> {
    return await this.#run(() => hashPassword(password));
  }

  /** @param stored undefined where there is nothing to compare with: false, after the time that it takes */
  async matches(password: string, stored: string | undefined): Promise<boolean> {
    const target = stored ?? (await this.#decoy);
    const equal = await this.#run(() => verifyPassword(password, target));
    return equal && stored !== undefined;
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= PARALLEL) {
      if (this.#waiting.length >= MAX_WAITING) throw tooBusy();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next(); // takes over this one's place
    }
  }
}

function tooBusy(): AppError {
  return new AppError('AUTH_BUSY', {
    status: 503,
    detail: 'too many passwords are being checked at this moment',
    retryAfterSeconds: 1,
  });
}
