import { readFile } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import { mintIdentityToken, parseIdentityKeys } from '../identity-token.ts';
import type { Identity } from '../identity-token.ts';

const REMEMBERED_TOKENS = 10_000;
/** Tokens live 60 s; one that is passed on must outlive the request's way to the service. */
const REUSE_MS = 30_000;

/** Makes the short-lived token by which a service knows who asks; one token serves many requests of the same client. */
export class IdentitySigner {
  readonly #keyFile: string;
  readonly #clock: Clock;
  readonly #tokens: LRUCache<string, Promise<string>>;

  constructor(keyFile: string, clock: Clock) {
    this.#keyFile = keyFile;
    this.#clock = clock;
    this.#tokens = new LRUCache({ max: REMEMBERED_TOKENS, ttl: REUSE_MS });
  }

  /** @param service the audience: the token is worth nothing before any other */
  token(service: string, identity: Identity): Promise<string> {
    const { tenant, subject, session = '', scopes } = identity;
    const id = `${service}\n${tenant}\n${subject}\n${session}\n${scopes.join(' ')}`;
    const known = this.#tokens.get(id);
    if (known !== undefined) return known;
    const minted = this.#mint(service, identity);
    minted.catch(() => this.#tokens.delete(id));
    this.#tokens.set(id, minted);
    return minted;
  }

  /** The key is read for every token, at most twice a minute and client, so that a rotated one is used in time. */
  async #mint(service: string, identity: Identity): Promise<string> {
    const [key] = parseIdentityKeys(await readFile(this.#keyFile, 'utf8'));
    return mintIdentityToken(key as Uint8Array, service, identity, this.#clock);
  }
}
