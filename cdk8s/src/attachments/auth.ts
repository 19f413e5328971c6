import type { Auth } from '@genai-platform/crds';
import type { Context } from '../context.ts';
import { smtpPort } from '../network/flows.ts';
import type { Settings } from '../settings/settings.ts';
import { workloadUrl } from '../settings/workload-url.ts';
import type { Attachment } from './attachment.ts';
import { attachAll, secretsFolder } from './attachment.ts';

/** What the auth service alone has: its keys, the first administrator, who may register, whom it asks to erase. */
export function authEnvironment(context: Context): Attachment {
  const { names, auth, workloads } = context.settings;
  const [keys, bootstrap] = [`${secretsFolder}/auth-keys`, `${secretsFolder}/bootstrap`];
  const own: Attachment = {
    env: {
      AUTH_KEY_FILE: `${keys}/key`,
      AUTH_BOOTSTRAP_DIR: bootstrap,
      AUTH_SIGN_UP: auth.signUp,
      AUTH_EMAIL_VERIFICATION: auth.emailVerification,
      AUTH_MEMBER_SCOPES: [...new Set(workloads.flatMap(({ entry }) => entry.memberScopes))].sort().join(','),
      AUTH_ERASURE_TARGETS: JSON.stringify(erasureTargets(context.settings)),
      ...(auth.publicUrl !== undefined && { AUTH_PUBLIC_URL: auth.publicUrl }),
      ...(auth.passwordResetUrl !== undefined && { AUTH_PASSWORD_RESET_URL: auth.passwordResetUrl }),
      ...lifetimes(auth.tokens ?? {}),
    },
    mounts: [
      { name: 'auth-keys', path: keys, source: { kind: 'secret', name: names.authKeys } },
      {
        name: 'bootstrap',
        path: bootstrap,
        source: { kind: 'secret', name: names.bootstrapAdmin, items: { password: 'password', username: 'username' } },
      },
    ],
  };
  return attachAll(own, ...(auth.smtp ? [mailServer(auth.smtp)] : []));
}

function erasureTargets(settings: Settings): object[] {
  return settings.workloads
    .filter(({ entry }) => entry.needs.includes('postgres') && entry.name !== 'auth')
    .map(({ entry }) => ({ service: entry.name, url: workloadUrl(settings, entry) }));
}

function lifetimes(tokens: NonNullable<Auth['tokens']>): Record<string, string> {
  const given = {
    AUTH_ACCESS_TOKEN_SECONDS: tokens.accessTokenSeconds,
    AUTH_REFRESH_TOKEN_SECONDS: tokens.refreshTokenSeconds,
    AUTH_SESSION_SECONDS: tokens.sessionSeconds,
    AUTH_SIGNING_KEY_DAYS: tokens.signingKeyDays,
  };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

function mailServer({ host, port, security, from, ...secrets }: NonNullable<Auth['smtp']>): Attachment {
  const [login, authority] = [`${secretsFolder}/smtp`, `${secretsFolder}/smtp-ca`];
  const { credentialsSecretRef, caSecretRef } = secrets;
  const env = {
    AUTH_SMTP_HOST: host,
    AUTH_SMTP_PORT: String(port ?? smtpPort),
    AUTH_SMTP_SECURITY: (security ?? 'StartTLS').toLowerCase(),
    AUTH_SMTP_FROM: from,
  };
  const mount = (name: string, path: string, secret: string, items: Record<string, string>): Attachment['mounts'] => [
    { name, path, source: { kind: 'secret', name: secret, items } },
  ];
  return attachAll(
    { env, mounts: [] },
    ...(credentialsSecretRef === undefined
      ? []
      : [
          {
            env: { AUTH_SMTP_CREDENTIALS_DIR: login },
            mounts: mount('smtp', login, credentialsSecretRef.name, { password: 'password', username: 'username' }),
          },
        ]),
    ...(caSecretRef === undefined
      ? []
      : [
          {
            env: { AUTH_SMTP_CA_FILE: `${authority}/ca.crt` },
            mounts: mount('smtp-ca', authority, caSecretRef.name, { [caSecretRef.key]: 'ca.crt' }),
          },
        ]),
  );
}
