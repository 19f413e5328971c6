import { get, post } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { z } from 'zod';
import { Done } from '../api/account-schemas.ts';
import type { Deps } from '../deps.ts';

const Count = z.object({
  beta_token_id: z.string().min(1).max(64),
  user_id: z.string().min(1).max(64),
  requests: z.int().min(1),
});

const Revocations = z.object({
  object: z.literal('revocations'),
  sessions: z.array(z.string()).describe('Ended before their access tokens did'),
  keys: z.array(z.string()).describe('Ids of revoked API keys'),
});

/** More at once only where somebody ends a whole platform's sessions; what is left out ends by itself in minutes. */
const MAX_REVOCATIONS = 10_000;

const COUNT = `
  INSERT INTO beta_usage AS u (beta_token_id, user_id, day, requests)
  SELECT t.id, c.user_id, current_date, sum(c.requests)
  FROM unnest($1::text[], $2::text[], $3::bigint[]) AS c (token, user_id, requests) JOIN beta_tokens t ON t.id = c.token
  GROUP BY t.id, c.user_id
  ON CONFLICT (beta_token_id, day, user_id) DO UPDATE SET requests = u.requests + EXCLUDED.requests`;

/** What the gateway tells and asks; outside of every prefix that it passes on. */
export const edgeRoutes = ({ parts }: Deps): Route[] => [
  post(
    '/internal/usage',
    {
      summary: 'Counts requests by users of beta tokens (the gateway only)',
      body: z.object({ counts: z.array(Count).min(1).max(1_000) }),
      reply: Done,
      scopes: ['auth:meter'],
      idempotencyKey: 'none',
    },
    async ({ body: { counts } }) => {
      const column = <K extends keyof z.output<typeof Count>>(name: K): unknown[] => counts.map((count) => count[name]);
      await parts.database.rows({}, COUNT, [column('beta_token_id'), column('user_id'), column('requests')]);
      return { object: 'done' as const };
    },
  ),
  get(
    '/internal/revocations',
    {
      summary: 'What was revoked while access tokens of before may still be around (the gateway only)',
      reply: Revocations,
      scopes: ['auth:introspect'],
    },
    async ({ signal }) => {
      const since = new Date(parts.clock.now() - (parts.config.AUTH_ACCESS_TOKEN_SECONDS + 60) * 1_000);
      const ids = (table: string): Promise<{ id: string }[]> => {
        const sql = `SELECT id FROM ${table} WHERE revoked_at > $1 ORDER BY revoked_at DESC LIMIT ${MAX_REVOCATIONS}`;
        return parts.database.rows<{ id: string }>({ signal, readOnly: true }, sql, [since]);
      };
      const [sessions, keys] = [await ids('sessions'), await ids('api_keys')];
      return { object: 'revocations' as const, sessions: sessions.map(({ id }) => id), keys: keys.map(({ id }) => id) };
    },
  ),
];
