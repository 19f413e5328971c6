import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair, importPKCS8 } from 'jose';
import type { CryptoKey, JSONWebKeySet } from 'jose';
import type { Clock, Postgres, Transaction } from '@genai-platform/common';
import type { SecretBox } from '../domain/secret-box.ts';
import { insertSigningKey, listSigningKeys, lockSigningKeys } from '../store/signing-key-rows.ts';
import type { SigningKeyRow } from '../store/signing-key-rows.ts';

export interface SigningKeysOptions {
  readonly database: Postgres;
  readonly box: SecretBox;
  readonly clock: Clock;
  /** How long a key signs. */
  readonly lifetimeMs: number;
  /** How long a token lives: a key is accepted for so long after it has stopped to sign. */
  readonly tokenLifetimeMs: number;
}

/** What signs at this moment. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

interface Loaded {
  readonly signing: SigningKey;
  readonly jwks: JSONWebKeySet;
  readonly untilMs: number;
}

/** How long a process may not know of a key that another one has made. */
const FRESH_MS = 15_000;
/** A new key is published so long before it signs: longer than anybody remembers the old list. */
const LEAD_MS = 600_000;
const MARGIN_MS = 60_000;

/** The keys that access tokens are signed with (Ed25519), made and replaced by themselves. */
export class SigningKeys {
  readonly #options: SigningKeysOptions;
  #loading: Promise<Loaded> | undefined;
  #untilMs = 0;

  constructor(options: SigningKeysOptions) {
    this.#options = options;
  }

  async current(): Promise<SigningKey> {
    return (await this.#load()).signing;
  }

  /** The public keys (RFC 7517), also the one that will sign next. */
  async jwks(): Promise<JSONWebKeySet> {
    return (await this.#load()).jwks;
  }

  /**
   * Replaces the keys at once, for the day one is stolen: what the old ones have signed is no longer accepted as soon
   * as the published list has been read again.
   */
  async replace(tx: Transaction): Promise<string> {
    await lockSigningKeys(tx);
    const now = new Date(this.#options.clock.now());
    const kid = await this.#create(tx, { activeFrom: now, olderUntil: now });
    this.#untilMs = 0;
    return kid;
  }

  #load(): Promise<Loaded> {
    const nowMs = this.#options.clock.now();
    if (this.#loading !== undefined && nowMs < this.#untilMs) return this.#loading;
    this.#untilMs = nowMs + FRESH_MS;
    const loading = this.#read();
    loading.catch(() => (this.#untilMs = 0));
    return (this.#loading = loading);
  }

  async #read(): Promise<Loaded> {
    const { database, clock } = this.#options;
    const now = new Date(clock.now());
    let rows = await database.withTransaction({ readOnly: true }, (tx) => listSigningKeys(tx, now));
    if (this.#needed(rows) !== undefined) rows = await database.withTransaction({}, (tx) => this.#renew(tx));
    const row = rows.find(({ active_from }) => active_from <= now) ?? rows.at(-1);
    if (row === undefined) throw new Error('there is no signing key');
    const privateKey = await this.#open(row);
    if (privateKey === undefined) return await this.#startAnew();
    const keys = rows.map(({ kid, public_jwk }) => ({ ...public_jwk, kid, alg: 'EdDSA', use: 'sig' }));
    return { signing: { kid: row.kid, privateKey }, jwks: { keys }, untilMs: now.getTime() + FRESH_MS };
  }

  /** When the next key is to begin, where one is to be made now. */
  #needed(rows: readonly SigningKeyRow[]): Date | undefined {
    const { clock, lifetimeMs } = this.#options;
    const [newest] = rows;
    const nowMs = clock.now();
    if (newest === undefined) return new Date(nowMs);
    const isOld = nowMs > newest.active_from.getTime() + lifetimeMs - LEAD_MS;
    return isOld ? new Date(nowMs + LEAD_MS) : undefined;
  }

  async #renew(tx: Transaction): Promise<SigningKeyRow[]> {
    await lockSigningKeys(tx);
    const now = new Date(this.#options.clock.now());
    const activeFrom = this.#needed(await listSigningKeys(tx, now));
    if (activeFrom !== undefined) {
      const olderUntil = new Date(activeFrom.getTime() + this.#options.tokenLifetimeMs + MARGIN_MS);
      await this.#create(tx, { activeFrom, olderUntil });
    }
    return await listSigningKeys(tx, now);
  }

  /** The encryption key is another one than these were made with: they are lost, and sessions go on with new ones. */
  async #startAnew(): Promise<Loaded> {
    await this.#options.database.withTransaction({}, (tx) => this.replace(tx));
    return await this.#read();
  }

  async #create(tx: Transaction, { activeFrom, olderUntil }: { activeFrom: Date; olderUntil: Date }): Promise<string> {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const jwk = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(jwk);
    const sealed = this.#options.box.seal(labelOf(kid), await exportPKCS8(privateKey));
    const row = { kid, public_jwk: jwk, private_key: sealed, active_from: activeFrom };
    await insertSigningKey(tx, row, { now: new Date(this.#options.clock.now()), olderUntil });
    return kid;
  }

  async #open({ kid, private_key }: SigningKeyRow): Promise<CryptoKey | undefined> {
    const pem = this.#options.box.open(labelOf(kid), private_key);
    return pem === undefined ? undefined : await importPKCS8(pem, 'EdDSA');
  }
}

function labelOf(kid: string): string {
  return `signing-key:${kid}`;
}
