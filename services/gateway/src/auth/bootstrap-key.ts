import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Clock } from '@genai-platform/common';

const RELOAD_INTERVAL_MS = 1_000;

/** The one API key that exists from the start, in a file of a mounted Secret. Read again when a key does not fit: it rotates. */
export class BootstrapKey {
  readonly #file: string;
  readonly #clock: Clock;
  #digest: Promise<Buffer> | undefined;
  #loadedAtMs = -Infinity;

  constructor(file: string, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  /** @throws when the file cannot be read */
  async matches(candidate: string): Promise<boolean> {
    const digest = digestOf(candidate);
    // Digests have one length, and comparing them takes one time: nothing is learnt about the key.
    if (timingSafeEqual(await this.#current(), digest)) return true;
    if (this.#clock.now() - this.#loadedAtMs < RELOAD_INTERVAL_MS) return false;
    return timingSafeEqual(await this.#load(), digest);
  }

  #current(): Promise<Buffer> {
    return this.#digest ?? this.#load();
  }

  #load(): Promise<Buffer> {
    this.#loadedAtMs = this.#clock.now();
    const loading = readFile(this.#file, 'utf8').then((text) => digestOf(text.trim()));
    loading.catch(() => (this.#digest = undefined));
    return (this.#digest = loading);
  }
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
