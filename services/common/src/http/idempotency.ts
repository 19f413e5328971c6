import type { Request } from 'express';
import type { Transaction } from '../clients/transaction.ts';
import { AppError } from '../errors.ts';
import type { Identity } from '../identity-token.ts';
import type { Logger } from '../logger.ts';
import type { RenderedReply } from './rendered-reply.ts';

export interface BodyDigest {
  /** Where the body is already read. */
  readonly known: Uint8Array | undefined;
  /** Reads the body for nothing but its digest. */
  read(): Promise<Uint8Array>;
  /** After the handler; undefined when it has not read the whole body. */
  finished(): Uint8Array | undefined;
}

/** Whose key it is: the same key of somebody else is another key. */
export interface IdempotencyScope {
  readonly tenant: string;
  readonly subject: string;
  readonly key: string;
}

export interface StoredReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | readonly string[]>>;
  readonly body: Uint8Array | undefined;
}

export type Claim =
  | { readonly state: 'claimed'; readonly owner: string }
  | { readonly state: 'in-flight'; readonly retryAfterSeconds: number }
  | { readonly state: 'stored'; readonly reply: StoredReply; readonly fingerprint: Uint8Array | undefined }
  | { readonly state: 'mismatch' };

/** Where keys are kept: who has claimed one, and what was answered. */
export interface IdempotencyStore {
  /** @param fingerprint absent while the body is not read yet */
  claim(scope: IdempotencyScope, fingerprint: Uint8Array | undefined): Promise<Claim>;
  /** Keeps the reply, inside `tx` where given. @returns false when the claim was lost to another process */
  complete(owner: string, reply: StoredReply, fingerprint: Uint8Array | undefined, tx?: Transaction): Promise<boolean>;
  /** Gives the key back: the next request with it runs. */
  release(owner: string): Promise<void>;
}

export interface IdempotentRun {
  readonly store: IdempotencyStore;
  readonly scope: IdempotencyScope;
  readonly log: Logger;
  readonly fingerprint: BodyDigest;
  readonly run: (owner: string) => Promise<RenderedReply | undefined>;
  readonly renderError: (thrown: unknown) => RenderedReply | undefined;
}

const KEY = /^"?([\x21-\x7e]{1,255}?)"?$/;

/** The `Idempotency-Key` of a request (draft-ietf-httpapi-idempotency-key-header-07), with or without quotes. */
export function idempotencyScope(req: Request, identity: Identity, required: boolean): IdempotencyScope | undefined {
  const header = req.headers['idempotency-key'];
  if (header === undefined) {
    if (!required) return undefined;
    throw new AppError('IDEMPOTENCY_KEY_MISSING', { status: 400, detail: 'the header Idempotency-Key is needed' });
  }
  const key = typeof header === 'string' ? KEY.exec(header)?.[1] : undefined;
  if (key !== undefined) return { tenant: identity.tenant, subject: identity.subject, key };
  throw new AppError('IDEMPOTENCY_KEY_INVALID', {
    status: 400,
    detail: 'the Idempotency-Key has to be one of up to 255 printable ASCII characters',
  });
}

/** Runs a request once for its key: a repetition gets the first reply, an overlapping one a 409, another body a 422. */
export async function runOnce(options: IdempotentRun): Promise<RenderedReply | undefined> {
  const { store, scope } = options;
  const claim = await store.claim(scope, options.fingerprint.known);
  if (claim.state === 'claimed') return await runClaimed(options, claim.owner);
  if (claim.state === 'mismatch') throw reused();
  if (claim.state === 'in-flight') {
    throw new AppError('IDEMPOTENCY_IN_FLIGHT', {
      status: 409,
      detail: 'a request with this Idempotency-Key is being answered',
      retryable: true,
      retryAfterSeconds: claim.retryAfterSeconds,
    });
  }
  const fingerprint = options.fingerprint.known ?? (await options.fingerprint.read());
  if (claim.fingerprint !== undefined && !same(claim.fingerprint, fingerprint)) throw reused();
  const { status, headers, body } = claim.reply;
  return { status, headers: { ...headers, 'idempotency-replayed': 'true' }, ...(body === undefined ? {} : { body }) };
}

async function runClaimed(options: IdempotentRun, owner: string): Promise<RenderedReply | undefined> {
  let reply: RenderedReply | undefined;
  try {
    reply = await options.run(owner);
  } catch (error) {
    await keep(options, owner, options.renderError(error));
    throw error;
  }
  await keep(options, owner, reply).catch((error: unknown) => {
    // What was asked for has been done: the client learns so, even where a repetition could not be recognised.
    options.log.error({ error }, 'the reply could not be kept for its idempotency key');
  });
  return reply;
}

/** Keeps the reply, or gives the key back where it cannot be kept: a stream, or a failure that a retry may cure. */
async function keep(options: IdempotentRun, owner: string, reply: RenderedReply | undefined): Promise<void> {
  const { store, log } = options;
  if (reply === undefined || reply.send !== undefined) return await store.release(owner);
  if (!(await store.complete(owner, toStored(reply), options.fingerprint.finished())))
    log.warn('an idempotency key was lost to another process');
}

export function toStored({ status, headers, body }: RenderedReply): StoredReply {
  return { status, headers, body: typeof body === 'string' ? Buffer.from(body) : body };
}

function reused(): AppError {
  return new AppError('IDEMPOTENCY_KEY_REUSED', {
    status: 422,
    detail: 'this Idempotency-Key was used for another request',
  });
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
