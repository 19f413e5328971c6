import { newId } from '@genai-platform/common';
import type { Transaction } from '@genai-platform/common';
import type { SecretBox } from '../domain/secret-box.ts';

/** One mail. */
export interface Mail {
  readonly kind: string;
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
}

export interface StoredMail extends Mail {
  readonly id: string;
  readonly createdAt: Date;
  readonly attempts: number;
}

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly recipient: string;
  readonly content: Buffer;
  readonly attempts: number;
  readonly created_at: Date;
}

const labelOf = (id: string): string => `outbox:${id}`;

/** Puts a mail where it will be sent from, in the transaction that makes it true. */
export async function enqueueMail(
  tx: Transaction,
  { box, now }: { box: SecretBox; now: Date },
  userId: string,
  mail: Mail,
): Promise<void> {
  const id = newId('mail', now.getTime());
  const content = box.seal(labelOf(id), JSON.stringify({ subject: mail.subject, text: mail.text }));
  const sql = `INSERT INTO outbox (id, user_id, kind, recipient, content, due_at, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $6)`;
  await tx.query(sql, [id, userId, mail.kind, mail.recipient, content, now]);
}

const CLAIM = `
  UPDATE outbox SET attempts = attempts + 1, due_at = $1::timestamptz + least(3600, 15 * 2 ^ attempts) * interval '1 second'
  WHERE id = (SELECT id FROM outbox WHERE due_at <= $1 ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, kind, recipient, content, attempts, created_at`;

/** Takes the next mail to send; it comes up again, later each time, until it is removed. */
export async function claimMail(tx: Transaction, box: SecretBox, now: Date): Promise<StoredMail | undefined> {
  const row = await tx.row<Row>(CLAIM, [now]);
  return row && openMail(box, row);
}

export async function removeMail(tx: Transaction, id: string): Promise<void> {
  await tx.query('DELETE FROM outbox WHERE id = $1', [id]);
}

/** The newest mails to the users of a tenant. */
export async function listMail(tx: Transaction, box: SecretBox, tenant: string, limit: number): Promise<StoredMail[]> {
  const sql = `SELECT o.id, o.kind, o.recipient, o.content, o.attempts, o.created_at FROM outbox o
    JOIN users u ON u.id = o.user_id WHERE u.tenant = $1 ORDER BY o.id DESC LIMIT $2`;
  return (await tx.rows<Row>(sql, [tenant, limit])).map((row) => openMail(box, row));
}

function openMail(box: SecretBox, { id, kind, recipient, content, attempts, created_at }: Row): StoredMail {
  const text = box.open(labelOf(id), content) ?? '{"subject":"","text":"(made with an encryption key that is gone)"}';
  return { id, kind, recipient, attempts, createdAt: created_at, ...(JSON.parse(text) as { subject: string; text: string }) }; // prettier-ignore
}
