import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts what has to be read again (AES-256-GCM). What it is for is bound to it: it cannot be put elsewhere. */
export class SecretBox {
  readonly #keys: readonly Buffer[];

  /** @param keys 32 bytes each; the first encrypts, all decrypt */
  constructor(keys: readonly Buffer[]) {
    this.#keys = keys;
  }

  /** @param label what the text is, such as `totp:user_1`; needed again to open it */
  seal(label: string, text: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#keys[0] as Buffer, nonce).setAAD(Buffer.from(label));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Undefined where no key opens it under this label. */
  open(label: string, sealed: Buffer): string | undefined {
    for (const key of this.#keys) {
      try {
        const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES));
        decipher.setAAD(Buffer.from(label)).setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        // The next key may fit.
      }
    }
    return undefined;
  }
}
