import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { FakeClock, createTestContext, startService } from '@genai-platform/common/testing';
import type { TestRequest, TestService } from '@genai-platform/common/testing';
import type { Clock, Identity } from '@genai-platform/common';
import { createApp } from '../../src/app.ts';
import { AuthConfig } from '../../src/config.ts';
import { createDeps } from '../../src/deps.ts';
import type { Deps } from '../../src/deps.ts';
import type { AuthDatabase } from './auth-database.ts';

export const GOOD_PASSWORD = 'violet-kettle-under-9-moons';
export const ADMIN_PASSWORD = 'the-secret-of-the-secret';

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly session_id: string;
}

/** A running auth service, with its own verbs. */
export interface TestAuth extends TestService {
  readonly deps: Deps;
  /** Whoever the access token names, as the gateway would vouch for it. */
  as(tokens: Tokens): Partial<Identity>;
  /** A POST without identity; each from an address of its own unless one is given. */
  ask(path: string, json: object, address?: string): Promise<Response>;
  /** Registers and signs in. */
  signUp(email: string, password?: string): Promise<Tokens>;
  signIn(email: string, password?: string, more?: object): Promise<Tokens>;
  /** The newest mail to an address, and the token in it. */
  mailTo(recipient: string, kind: string): Promise<{ text: string; token: string }>;
}

export interface StartOptions {
  readonly clock?: Clock;
  readonly environment?: Readonly<Record<string, string>>;
  /** Another process of the same platform has the same. */
  readonly keyFile?: string;
}

export function newKeyFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'auth-key-')), 'key');
  writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`);
  return file;
}

let addresses = 0;
/** An address that nobody has asked from yet. */
export const newAddress = (): string => `2001:db8:${(addresses += 1).toString(16)}::1`;

/** Starts one instance of the service on a database that others may share. */
export async function startAuth(
  database: AuthDatabase,
  { clock = new FakeClock(Date.now()), environment = {}, keyFile = newKeyFile() }: StartOptions = {},
): Promise<TestAuth> {
  const context = createTestContext({ name: 'auth', clock });
  const bootstrap = mkdtempSync(join(tmpdir(), 'auth-bootstrap-'));
  writeFileSync(join(bootstrap, 'username'), 'admin');
  writeFileSync(join(bootstrap, 'password'), ADMIN_PASSWORD);
  const config = AuthConfig.parse({
    SERVICE_NAME: 'auth',
    HTTP_PORT: 0,
    IDENTITY_KEY_FILE: context.testIdentity.keyFile,
    AUTH_KEY_FILE: keyFile,
    AUTH_BOOTSTRAP_DIR: bootstrap,
    AUTH_MEMBER_SCOPES: 'search:read,search:write,convert:read',
    ...database.config,
    ...environment,
  });
  const deps = createDeps(config, context);
  const service = await startService(createApp(deps), context);
  return { ...service, deps, ...verbsOf(service) };
}

type Verbs = Pick<TestAuth, 'as' | 'ask' | 'signUp' | 'signIn' | 'mailTo'>;

function verbsOf(service: TestService): Verbs {
  const ask: TestAuth['ask'] = (path, json, address = newAddress()) =>
    service.fetch(path, { json, as: null, headers: { 'x-forwarded-for': address } });
  const signIn: TestAuth['signIn'] = async (email, password = GOOD_PASSWORD, more = {}) =>
    (await expectOk(await ask('/v1/auth/login', { email, password, ...more }))) as Tokens;
  return {
    ask,
    signIn,
    as: ({ access_token }) => {
      const { sub, tenant, scopes, sid } = decodeJwt<{ tenant: string; scopes: string[]; sid: string }>(access_token);
      return { subject: sub as string, tenant, scopes, session: sid };
    },
    signUp: async (email, password = GOOD_PASSWORD) => {
      await expectOk(await ask('/v1/auth/register', { email, password }));
      return await signIn(email, password);
    },
    mailTo: async (recipient, kind) => {
      const request: TestRequest = { as: { subject: 'admin', tenant: 'default' } };
      const { data } = (await expectOk(await service.fetch('/v1/auth/outbox?limit=100', request))) as {
        data: { recipient: string; kind: string; text: string }[];
      };
      const mail = data.find((candidate) => candidate.recipient === recipient && candidate.kind === kind);
      if (mail === undefined) throw new Error(`there is no mail ${kind} to ${recipient}`);
      return { text: mail.text, token: /\b(?:ev|pr)_[\w-]{43}/.exec(mail.text)?.[0] ?? '' };
    },
  };
}

/** The body of a reply that has to be a success. */
export async function expectOk(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Status and code of each reply. */
export async function outcomes(responses: readonly Response[]): Promise<string[]> {
  return await Promise.all(
    responses.map(async (response) => {
      const { code } = (await response.json()) as { code?: string };
      return code === undefined ? String(response.status) : `${response.status} ${code}`;
    }),
  );
}
