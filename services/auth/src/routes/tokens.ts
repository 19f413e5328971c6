import { AppError, empty, get, post, reply } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { z } from 'zod';
import { introspect } from '../accounts/introspection.ts';
import type { Deps } from '../deps.ts';
import { tenantOf } from './tenant.ts';
import { requireUser } from '../accounts/require-user.ts';
import { clientOf } from '../client.ts';
import { appendAudit } from '../store/audit-log.ts';

const Jwks = z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).meta({ id: 'JsonWebKeySet' });

const Introspected = z
  .object({
    active: z.boolean(),
    sub: z.string().optional(),
    tenant: z.string().optional(),
    scope: z.string().optional().describe('Separated by spaces'),
    token_type: z.enum(['access_token', 'api_key']).optional(),
    sid: z.string().optional(),
    key_id: z.string().optional(),
    exp: z.number().int().optional(),
    beta: z.object({ id: z.string(), requests_per_second: z.number(), burst: z.number() }).optional(),
  })
  .meta({ id: 'Introspection' });

/** What tokens mean, for those who have to believe them. */
export const tokenRoutes = (deps: Deps): Route[] => [...publishedRoutes(deps), ...forwardRoutes(), replaceRoute(deps)];

const publishedRoutes = ({ parts }: Deps): Route[] => [
  get(
    '/.well-known/jwks.json',
    { summary: 'The keys that access tokens are signed with (RFC 7517)', reply: Jwks, public: true },
    async () =>
      reply(
        { keys: [...(await parts.signingKeys.jwks()).keys] },
        {
          headers: { 'cache-control': 'public, max-age=60' },
        },
      ),
  ),
  post(
    '/v1/auth/introspect',
    {
      summary: 'What a token or API key is worth now (RFC 7662)',
      body: z.object({ token: z.string().min(1).max(8_192) }),
      raw: { contentTypes: ['application/x-www-form-urlencoded'] },
      maxBodyBytes: 16_384,
      reply: Introspected,
      scopes: ['auth:introspect'],
    },
    async ({ body, raw }) => {
      const token = body?.token ?? new URLSearchParams((await raw?.bytes())?.toString()).get('token');
      if (!token)
        throw new AppError('REQUEST_INVALID', { status: 400, detail: 'a token is needed', pointer: '/token' });
      return await introspect(parts, token);
    },
  ),
];

const forwardRoutes = (): Route[] => [
  get(
    '/v1/auth/forward',
    {
      summary: 'Answers 204 with who is asking, for proxies that ask before they pass on (forward auth)',
      query: z.object({ scope: z.string().max(128).optional() }),
      status: 204,
    },
    ({ identity, query }) => {
      const { subject, tenant, scopes } = identity;
      if (query.scope !== undefined && !scopes.includes('*') && !scopes.includes(query.scope)) {
        throw new AppError('FORBIDDEN', { status: 403, detail: `the scope ${query.scope} is needed` });
      }
      return empty({
        headers: {
          'x-auth-subject': encodeURIComponent(subject),
          'x-auth-tenant': encodeURIComponent(tenant),
          'x-auth-scopes': scopes.join(' '),
        },
      });
    },
  ),
];

const replaceRoute = ({ parts }: Deps): Route =>
  post(
    '/v1/auth/signing-keys/replace',
    { summary: 'Replace the signing keys at once', reply: z.object({ object: z.literal('signing_key'), kid: z.string() }), scopes: ['auth:admin'] }, // prettier-ignore
    async ({ identity, req }) => {
      tenantOf(identity, 'default');
      const kid = await parts.database.withTransaction({}, async (tx) => {
        const { id, tenant } = await requireUser(tx, identity);
        const replaced = await parts.signingKeys.replace(tx);
        await appendAudit(
          tx,
          { action: 'signing-key.rotated', tenant, actor: id, target: replaced },
          clientOf(req).origin(),
        );
        return replaced;
      });
      return { object: 'signing_key' as const, kid };
    },
  );
