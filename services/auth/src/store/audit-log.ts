import { newId } from '@genai-platform/common';
import type { Transaction } from '@genai-platform/common';

/** Everything that is written down. */
export type AuditAction =
  | 'user.registered'
  | 'user.created'
  | 'user.changed'
  | 'user.erased'
  | 'user.signed-in'
  | 'user.sign-in-refused'
  | 'email.verified'
  | 'password.changed'
  | 'password.reset'
  | 'mfa.enabled'
  | 'mfa.disabled'
  | 'mfa.recovery-code-used'
  | 'session.revoked'
  | 'session.replayed'
  | 'key.created'
  | 'key.revoked'
  | 'beta-token.created'
  | 'beta-token.revoked'
  | 'beta-token.redeemed'
  | 'signing-key.rotated'
  | 'outbox.read'
  | 'audit.read';

/** One line of the audit log, without when and where from. */
export interface AuditEvent {
  readonly action: AuditAction;
  readonly tenant: string;
  /** Id of who did it. */
  readonly actor: string;
  /** Id of what it was done to. */
  readonly target?: string | undefined;
  /** `success` by default. */
  readonly outcome?: 'success' | 'refused';
  /** Ids and words of ours, nothing personal: the log outlives the person. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Where and when something happened. */
export interface AuditOrigin {
  readonly at: Date;
  readonly network: string | undefined;
  readonly requestId: string;
}

const INSERT = `
  INSERT INTO audit_log (id, at, tenant, actor, action, target, outcome, network, request_id, details)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

/** Writes a line in the transaction of the action itself: there is not one without the other. */
export async function appendAudit(
  tx: Transaction,
  event: AuditEvent,
  { at, network, requestId }: AuditOrigin,
): Promise<void> {
  const { action, tenant, actor, target, outcome = 'success', details = {} } = event;
  const row = [newId('audit'), at, tenant, actor, action, target, outcome, network, requestId, details];
  await tx.query(
    INSERT,
    row.map((value) => value ?? null),
  );
}
