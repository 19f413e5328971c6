import { PageQuery, get, pageClause, pageOf, pageReply } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { z } from 'zod';
import { AuditReply, MailReply, TenantQuery } from '../api/admin-schemas.ts';
import { clientOf } from '../client.ts';
import type { Deps } from '../deps.ts';
import { appendAudit } from '../store/audit-log.ts';
import { listMail } from '../store/outbox.ts';
import { tenantOf } from './tenant.ts';

const scopes = ['auth:admin'] as const;

interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly outcome: 'success' | 'refused';
  readonly network: string | null;
  readonly request_id: string | null;
  readonly details: Record<string, unknown>;
}

/** What administrators read: the audit log, and the outbox of a platform without a mail server. To read is written down. */
export const insightRoutes = (deps: Deps): Route[] => [auditRoute(deps), outboxRoute(deps)];

const auditRoute = ({ parts }: Deps): Route =>
  get(
    '/v1/auth/audit',
    {
      summary: 'Who did what: the newest first',
      query: TenantQuery.extend({
        action: z.string().max(64).optional(),
        actor: z.string().max(64).optional(),
        target: z.string().max(64).optional(),
      }),
      reply: pageOf(AuditReply),
      scopes,
    },
    async ({ query, identity, req }) => {
      const tenant = tenantOf(identity, query.tenant);
      const page = pageClause(query, 'id', { firstParameter: 5 });
      const sql = `SELECT id, at, actor, action, target, outcome, network, request_id, details FROM audit_log
        WHERE tenant = $1 AND ($2::text IS NULL OR action = $2) AND ($3::text IS NULL OR actor = $3)
          AND ($4::text IS NULL OR target = $4) AND ${page.condition} ${page.order}`;
      const filters = [query.action ?? null, query.actor ?? null, query.target ?? null];
      const rows = await parts.database.withTransaction({}, async (tx) => {
        const found = await tx.rows<AuditRow>(sql, [tenant, ...filters, ...page.values]);
        await appendAudit(tx, { action: 'audit.read', tenant, actor: identity.subject }, clientOf(req).origin());
        return found;
      });
      const events = rows.map((row) => ({ object: 'audit.event' as const, ...row, at: row.at.toISOString() }));
      return pageReply(req, query, events);
    },
  );

const outboxRoute = ({ parts }: Deps): Route =>
  get(
    '/v1/auth/outbox',
    {
      summary: 'Mails that have not been sent: without a mail server all of the last days',
      query: PageQuery.pick({ limit: true }),
      reply: z.object({ object: z.literal('list'), data: z.array(MailReply) }),
      scopes,
    },
    async ({ query, identity, req }) => {
      const { tenant, subject: actor } = identity;
      const mails = await parts.database.withTransaction({}, async (tx) => {
        await appendAudit(tx, { action: 'outbox.read', tenant, actor }, clientOf(req).origin());
        return await listMail(tx, parts.box, tenant, query.limit);
      });
      const data = mails.map(({ createdAt, ...mail }) => ({
        object: 'mail' as const,
        ...mail,
        created_at: createdAt.toISOString(),
      }));
      return { object: 'list' as const, data };
    },
  );
