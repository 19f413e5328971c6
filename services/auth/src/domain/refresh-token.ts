import { createHmac, timingSafeEqual } from 'node:crypto';

/** Which token of which session: all that a refresh token says. */
export interface RefreshTokenId {
  readonly session: string;
  readonly generation: number;
}

const FORMAT = /^rt_([0-9a-z_]{8,64})\.([1-9][0-9]{0,8})\.([\w-]{43})$/;

/**
 * Refresh tokens are derived (HMAC-SHA-256 of session and generation), not stored: nothing in the database is worth
 * stealing, and every process can give the same successor to each of many parallel refreshes.
 */
export class RefreshTokens {
  readonly #keys: readonly Buffer[];

  /** @param keys the first makes tokens, all verify */
  constructor(keys: readonly Buffer[]) {
    this.#keys = keys;
  }

  token(id: RefreshTokenId): string {
    return `rt_${id.session}.${id.generation}.${signature(this.#keys[0] as Buffer, id).toString('base64url')}`;
  }

  /** Undefined for what was never a token of this platform. Costs no look into the database. */
  parse(token: string): RefreshTokenId | undefined {
    const [, session, generation, given] = FORMAT.exec(token) ?? [];
    if (session === undefined || given === undefined) return undefined;
    const id = { session, generation: Number(generation) };
    const mac = Buffer.from(given, 'base64url');
    return this.#keys.some((key) => timingSafeEqual(signature(key, id), mac)) ? id : undefined;
  }
}

function signature(key: Buffer, { session, generation }: RefreshTokenId): Buffer {
  return createHmac('sha256', key).update(`${session}.${generation}`).digest();
}
