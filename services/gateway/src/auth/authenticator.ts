import type { IncomingMessage } from 'node:http';
import { unauthenticated } from '@genai-platform/common';
import type { Authenticator, Identity } from '@genai-platform/common';
import type { AccessTokens } from './access-tokens.ts';
import type { ApiKeys } from './api-keys.ts';
import type { BootstrapKey } from './bootstrap-key.ts';
import type { Caller } from './caller.ts';

/** Every API key of the platform begins so. */
const API_KEY_PREFIX = 'gp_';
/** A key has 46 characters; much longer ones are not even asked for. */
const API_KEY_MAX = 128;

/** The bootstrap administrator may do everything, in the tenant that exists from the start. */
const ADMINISTRATOR: Caller = Object.freeze({
  identity: Object.freeze<Identity>({ subject: 'admin', tenant: 'default', scopes: Object.freeze(['*']) }),
});

export interface Credentials {
  readonly bootstrap: BootstrapKey;
  /** Of a part of the platform. */
  readonly platformToken: Authenticator;
  /** Absent on a platform without accounts. */
  readonly accounts?: { readonly accessTokens: AccessTokens; readonly apiKeys: ApiKeys } | undefined;
}

/** Tells who stands before the gateway. @throws AppError 401, 503 */
export type Recognise = (request: IncomingMessage) => Caller | Promise<Caller>;

/**
 * The holder of an API key (`Authorization: Bearer gp_…` as OpenAI's clients send it, or `x-api-key: gp_…` as
 * Anthropic's do), a user with an access token, or a part of the platform with its identity token.
 */
export function recogniser({ bootstrap, platformToken, accounts }: Credentials): Recognise {
  const byKey = async (key: string): Promise<Caller> => {
    if (await bootstrap.matches(key)) return ADMINISTRATOR;
    if (accounts === undefined || !key.startsWith(API_KEY_PREFIX) || key.length > API_KEY_MAX) throw wrongKey();
    return await accounts.apiKeys.verify(key);
  };
  return (request) => {
    const { authorization, 'x-api-key': header } = request.headers;
    if (typeof header === 'string') return byKey(header);
    const token = authorization?.slice(0, 7).toLowerCase() === 'bearer ' ? authorization.slice(7) : undefined;
    if (token?.startsWith(API_KEY_PREFIX)) return byKey(token);
    if (accounts !== undefined && token !== undefined && !isOfPlatform(token))
      return accounts.accessTokens.verify(token);
    const identity = platformToken(request);
    return identity instanceof Promise ? identity.then((known) => ({ identity: known })) : { identity };
  };
}

/** `{"alg":"HS256","typ":"JWT"}`, as `mintIdentityToken` begins; a token that pretends to be one must verify as one. */
const PLATFORM_TOKEN_START = `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.`;

function isOfPlatform(token: string): boolean {
  return token.startsWith(PLATFORM_TOKEN_START);
}

function wrongKey(): Error {
  return unauthenticated('the API key is not valid', 'invalid_token');
}
