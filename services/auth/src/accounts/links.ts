import type { AuthConfig } from '../config.ts';
import type { Links } from '../mail/messages.ts';

/** Where the links of mails lead. */
export function linksOf({ AUTH_PUBLIC_URL, AUTH_PASSWORD_RESET_URL }: AuthConfig): Links {
  return { publicUrl: AUTH_PUBLIC_URL, passwordResetUrl: AUTH_PASSWORD_RESET_URL };
}
