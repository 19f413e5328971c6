import { PageQuery } from '@genai-platform/common';
import { z } from 'zod';
import { EmailAddress } from '../domain/email-address.ts';
import { ROLES } from '../domain/roles.ts';
import { NewPassword } from './account-schemas.ts';

export const Tenant = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be lower-case letters, digits and dashes'); // prettier-ignore
export const TenantQuery = PageQuery.extend({ tenant: Tenant.optional() });
export const Scope = z.string().regex(/^(\*|[a-z][a-z0-9-]*:[a-z][a-z0-9-]*)$/, 'must be a scope such as search:read');
export const ById = z.object({ id: z.string().min(1).max(64) });

const time = z.iso.datetime();

export const NewUserBody = z
  .strictObject({
    email: EmailAddress.optional().describe('Needed for people; they get a mail to choose a password'),
    name: z.string().trim().min(1).max(128).optional(),
    role: z.enum(ROLES).default('member'),
    tenant: Tenant.optional().describe('Your own by default'),
    password: NewPassword.optional(),
  })
  .refine(({ email, role }) => (role === 'service') === (email === undefined), {
    path: ['email'],
    message: 'is needed for people, and not for services',
  })
  .meta({ id: 'NewUser' });

export const UserChange = z
  .strictObject({ role: z.enum(['admin', 'member']).optional(), disabled: z.boolean().optional() })
  .meta({ id: 'UserChange' });

export const NewKeyBody = z
  .strictObject({
    name: z.string().trim().min(1).max(128),
    scopes: z.array(Scope).min(1).max(64).optional().describe('All of the owner by default'),
    expires_at: time.optional(),
    user_id: z.string().min(1).max(64).optional().describe('An administrator may make keys for others: services'),
  })
  .meta({ id: 'NewKey' });

export const KeyReply = z
  .object({
    object: z.literal('api_key'),
    id: z.string(),
    user_id: z.string(),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.string()),
    expires_at: time.nullable(),
    last_used_at: time.nullable(),
    created_at: time,
    key: z.string().optional().describe('Shown once, when it is made'),
  })
  .meta({ id: 'ApiKey' });

export const NewBetaToken = z
  .strictObject({
    cohort: z.string().trim().min(1).max(64),
    max_uses: z.int().min(1).max(100_000).default(1),
    expires_at: time.optional(),
    requests_per_second: z.number().min(0.01).max(1_000).default(5),
    burst: z.int().min(1).max(2_000).default(20),
    tenant: Tenant.optional(),
  })
  .meta({ id: 'NewBetaToken' });

export const BetaTokenReply = z
  .object({
    object: z.literal('beta_token'),
    id: z.string(),
    prefix: z.string(),
    cohort: z.string(),
    max_uses: z.number().int(),
    uses: z.number().int(),
    requests_per_second: z.number(),
    burst: z.number().int(),
    expires_at: time.nullable(),
    revoked: z.boolean(),
    created_at: time,
    token: z.string().optional().describe('Shown once, when it is made'),
  })
  .meta({ id: 'BetaToken' });

export const BetaValidity = z
  .object({
    object: z.literal('beta_token.validity'),
    valid: z.boolean(),
    cohort: z.string().optional(),
    uses_left: z.number().int().optional(),
  })
  .meta({ id: 'BetaValidity' });

export const UsageReply = z
  .object({
    object: z.literal('beta_token.usage'),
    requests: z.number().int(),
    users: z.number().int(),
    days: z.array(z.object({ day: z.string(), requests: z.number().int(), users: z.number().int() })),
  })
  .meta({ id: 'BetaUsage' });

export const AuditReply = z
  .object({
    object: z.literal('audit.event'),
    id: z.string(),
    at: time,
    actor: z.string(),
    action: z.string(),
    target: z.string().nullable(),
    outcome: z.enum(['success', 'refused']),
    network: z.string().nullable(),
    request_id: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEvent' });

export const MailReply = z
  .object({
    object: z.literal('mail'),
    id: z.string(),
    kind: z.string(),
    recipient: z.string(),
    subject: z.string(),
    text: z.string(),
    attempts: z.number().int(),
    created_at: time,
  })
  .meta({ id: 'Mail' });

export const ErasureReply = z
  .object({
    object: z.literal('erasure'),
    id: z.string(),
    user_id: z.string(),
    complete: z.boolean().describe('Where not, ask again: what failed is repeated'),
    services: z.array(
      z.object({
        service: z.string(),
        erased: z.boolean(),
        records: z.record(z.string(), z.number().int()).optional(),
        problem: z.string().optional(),
      }),
    ),
    created_at: time,
  })
  .meta({ id: 'Erasure' });
