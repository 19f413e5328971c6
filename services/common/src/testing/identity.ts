import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mintIdentityToken } from '../identity-token.ts';
import type { Identity } from '../identity-token.ts';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';

/** A platform's identity key, for tests. */
export interface TestIdentity {
  /** The file that `IDENTITY_KEY_FILE` names. */
  readonly keyFile: string;
  readonly key: Uint8Array;
  /** A token for the service `audience`; by default of subject `ada`, tenant `acme`, with every scope. */
  token(audience: string, identity?: Partial<Identity>): Promise<string>;
}

export function createTestIdentity(clock: Clock = systemClock): TestIdentity {
  const key = new Uint8Array(randomBytes(32));
  const keyFile = join(mkdtempSync(join(tmpdir(), 'identity-')), 'key');
  writeFileSync(keyFile, `${Buffer.from(key).toString('base64url')}\n`);
  return {
    key,
    keyFile,
    token: (audience, identity = {}) =>
      mintIdentityToken(key, audience, { subject: 'ada', tenant: 'acme', scopes: ['*'], ...identity }, clock),
  };
}
