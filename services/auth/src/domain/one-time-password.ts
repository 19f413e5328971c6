import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

const ISSUER = 'GenAIPlatform';
const PERIOD_SECONDS = 30;
const SECRET_BYTES = 20;
/** A clock may be off by half a minute either way (RFC 6238 section 5.2). */
const WINDOW = 1;
const RECOVERY_CODES = 10;

/** A secret for an authenticator app. */
export interface TotpEnrolment {
  /** Base32. */
  readonly secret: string;
  /** `otpauth://…`, for a QR code. */
  readonly uri: string;
}

/** @param label by which the app shows the account */
export function newTotp(label: string): TotpEnrolment {
  const totp = totpOf(new Secret({ size: SECRET_BYTES }).base32, label);
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** The time step that a code is of, or undefined where it is wrong. A step must never be accepted twice. */
export function totpStep(secret: string, code: string, nowMs: number): number | undefined {
  const delta = totpOf(secret).validate({ token: code, timestamp: nowMs, window: WINDOW });
  return delta === null ? undefined : Math.floor(nowMs / 1_000 / PERIOD_SECONDS) + delta;
}

/** The code of this moment. */
export function totpCode(secret: string, nowMs: number): string {
  return totpOf(secret).generate({ timestamp: nowMs });
}

/** Codes for the day the app is lost: 80 random bits each, so that a fast hash is enough to store them. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const text = new Secret({ buffer: Uint8Array.from(randomBytes(10)).buffer }).base32.toLowerCase();
    return text.replace(/(.{4})(?=.)/g, '$1-');
  });
}

/** A recovery code as it is hashed: however it was typed. */
export function plainRecoveryCode(code: string): string {
  return code.toLowerCase().replaceAll(/[\s-]/g, '');
}

function totpOf(secret: string, label = ''): TOTP {
  return new TOTP({ issuer: ISSUER, label, secret: Secret.fromBase32(secret), period: PERIOD_SECONDS });
}
