import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Whom to tell, and the secret by which the message is known to be ours (https://www.standardwebhooks.com). */
export const WebhookTarget = z
  .object({
    url: z.url({ protocol: /^https?$/ }).max(2_000),
    secret: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'has to be whsec_ and 24 to 64 bytes in base64')
      .describe('Signs the message: whsec_ and 24 to 64 bytes in base64'),
  })
  .meta({ id: 'WebhookTarget' });
export type WebhookTarget = z.output<typeof WebhookTarget>;

const TOLERANCE_SECONDS = 300;

export interface WebhookHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** Signs a message. @param id stays the same when the message is sent again */
export function signWebhook(secret: string, id: string, body: string, nowMs: number): WebhookHeaders {
  const timestamp = String(Math.floor(nowMs / 1_000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${mac(secret, id, timestamp, body)}`,
  };
}

/** Whether a message comes from who knows the secret, and is not older than five minutes. */
export function verifyWebhook(
  secret: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  nowMs: number,
): boolean {
  const { 'webhook-id': id = '', 'webhook-timestamp': timestamp = '', 'webhook-signature': signatures = '' } = headers;
  if (Math.abs(nowMs / 1_000 - Number(timestamp)) > TOLERANCE_SECONDS || !/^\d+$/.test(timestamp)) return false;
  const expected = Buffer.from(mac(secret, id, timestamp, body));
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''));
    return signature.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function mac(secret: string, id: string, timestamp: string, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
}
