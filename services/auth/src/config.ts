import { DatabaseConfig, ServiceConfig } from '@genai-platform/common';
import { z } from 'zod';

const seconds = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const DAY = 86_400;

const scopeList = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((scope) => scope.trim() || []));

const erasureTargets = z
  .string()
  .default('[]')
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.array(z.strictObject({ service: z.string().min(1), url: z.url({ protocol: /^http$/ }) })));

/** The environment of the service. */
export const AuthConfig = ServiceConfig.extend({
  ...DatabaseConfig.shape,
  /** File with the key that signing keys, TOTP secrets and mails are encrypted with: base64url, one a line. */
  AUTH_KEY_FILE: z.string().min(1),
  /** Folder with the files `username` and `password` of the bootstrap administrator. */
  AUTH_BOOTSTRAP_DIR: z.string().min(1),
  /** Who may register: anybody, holders of a beta token, nobody. */
  AUTH_SIGN_UP: z.enum(['Open', 'BetaToken', 'Closed']).default('Open'),
  /** Whether a user must have proved the address before signing in. */
  AUTH_EMAIL_VERIFICATION: z.enum(['Required', 'Optional']).default('Optional'),
  /** Scopes of the services that members and service accounts have. */
  AUTH_MEMBER_SCOPES: scopeList,
  AUTH_ACCESS_TOKEN_SECONDS: seconds(60, 3_600).default(600),
  /** A session that is not used for so long ends. */
  AUTH_REFRESH_TOKEN_SECONDS: seconds(300, 90 * DAY).default(14 * DAY),
  /** A session ends after this, used or not. */
  AUTH_SESSION_SECONDS: seconds(300, 365 * DAY).default(90 * DAY),
  /** How long a superseded refresh token still gets its successor. */
  AUTH_REFRESH_GRACE_SECONDS: seconds(0, 60).default(20),
  AUTH_SIGNING_KEY_DAYS: z.coerce.number().int().min(1).max(365).default(30),
  /** Where users reach the platform: for links in mails. */
  AUTH_PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:8000'),
  /** A page that takes `?token=` and lets the user choose a new password. */
  AUTH_PASSWORD_RESET_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Without a server, mails stay in the outbox for an administrator to read. */
  AUTH_SMTP_HOST: z.string().min(1).optional(),
  AUTH_SMTP_PORT: z.coerce.number().int().min(1).max(65_535).default(587),
  /** `tls` from the first byte on, `starttls` demanded, or `none` for a server on the same network. */
  AUTH_SMTP_SECURITY: z.enum(['tls', 'starttls', 'none']).default('starttls'),
  AUTH_SMTP_FROM: z.string().min(3).default('no-reply@localhost'),
  /** Folder with the files `username` and `password`, read again for every connection. */
  AUTH_SMTP_CREDENTIALS_DIR: z.string().min(1).optional(),
  /** The authority that signed the mail server's certificate, as PEM; without it the public ones. */
  AUTH_SMTP_CA_FILE: z.string().min(1).optional(),
  /** JSON: the services that hold data of users, `[{service, url}]`. */
  AUTH_ERASURE_TARGETS: erasureTargets,
});
export type AuthConfig = z.output<typeof AuthConfig>;
