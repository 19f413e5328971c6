import type { IncomingMessage } from 'node:http';
import { unauthenticated } from '@genai-platform/common';
import type { Authenticator, Identity } from '@genai-platform/common';
import type { BootstrapKey } from './bootstrap-key.ts';

/** Every API key of the platform begins so; anything else is a token of the platform itself. */
const API_KEY_PREFIX = 'gp_';

/** The bootstrap administrator may do everything, in the tenant that exists from the start. */
const ADMINISTRATOR: Identity = Object.freeze({ subject: 'admin', tenant: 'default', scopes: Object.freeze(['*']) });

/**
 * Tells who stands before the gateway: the holder of an API key (`Authorization: Bearer gp_…` as OpenAI's clients send it,
 * or `x-api-key: gp_…` as Anthropic's do), or a part of the platform with its identity token.
 */
export function gatewayAuthenticator(bootstrap: BootstrapKey, platformToken: Authenticator): Authenticator {
  return async (request) => {
    const key = apiKeyOf(request);
    if (key === undefined) return platformToken(request);
    if (await bootstrap.matches(key)) return ADMINISTRATOR;
    throw unauthenticated('the API key is not valid', 'invalid_token');
  };
}

function apiKeyOf({ headers }: IncomingMessage): string | undefined {
  const given = headers['x-api-key'];
  if (typeof given === 'string') return given;
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return bearer?.startsWith(API_KEY_PREFIX) ? bearer : undefined;
}
