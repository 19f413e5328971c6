import { readFile } from 'node:fs/promises';
import type { Clock } from '@genai-platform/common';
import { ProviderError } from '../provider-error.ts';

const KEEP_MS = 10_000;

/** A secret in a mounted file, read again every few seconds so that a rotated one is used without a restart. */
export class Credential {
  readonly #file: string;
  readonly #clock: Clock;
  #value: Promise<string> | undefined;
  #readAtMs = 0;

  constructor(file: string, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  /** @throws ProviderError that never quotes the content */
  read(): Promise<string> {
    const nowMs = this.#clock.now();
    if (this.#value === undefined || nowMs - this.#readAtMs > KEEP_MS) {
      this.#readAtMs = nowMs;
      this.#value = this.#fresh();
      this.#value.catch(() => (this.#value = undefined));
    }
    return this.#value;
  }

  async #fresh(): Promise<string> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    const secret = text.trim();
    if (secret !== '' && /^[\x21-\x7e]+$/.test(secret)) return secret;
    throw new ProviderError({ kind: 'credentials', detail: 'the credential of the provider is not there' });
  }
}
