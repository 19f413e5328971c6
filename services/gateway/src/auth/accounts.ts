import type { ServiceContext } from '@genai-platform/common';
import { AccessTokens } from './access-tokens.ts';
import { ApiKeys } from './api-keys.ts';
import { AuthService } from './auth-service.ts';
import { JsonWebKeys } from './json-web-keys.ts';
import { Revocations } from './revocations.ts';
import { UsageMeter } from './usage-meter.ts';

/** What the gateway knows of accounts. */
export interface Accounts {
  readonly accessTokens: AccessTokens;
  readonly apiKeys: ApiKeys;
  readonly meter: UsageMeter;
}

/** Begins to follow the auth service; nothing waits for it. */
export function followAccounts(
  url: string,
  identityKeyFile: string,
  { clock, log, metrics, lifecycle }: ServiceContext,
): Accounts {
  const service = new AuthService({ url, identityKeyFile, clock, metrics });
  lifecycle.onClose('connections to auth', () => service.close());
  const revocations = new Revocations({ service, clock, log });
  lifecycle.onClose('revocations', () => revocations.stop());
  revocations.start();
  const meter = new UsageMeter({ service, clock, log });
  lifecycle.onClose('usage', () => meter.stop());
  meter.start();
  return {
    accessTokens: new AccessTokens(new JsonWebKeys(service, clock).get, revocations, clock),
    apiKeys: new ApiKeys(service, revocations, clock),
    meter,
  };
}
