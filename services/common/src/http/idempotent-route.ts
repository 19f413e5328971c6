import type { Transaction } from '../clients/transaction.ts';
import { AppError } from '../errors.ts';
import { renderError, toAppError } from './error-reply.ts';
import { exchangeOf } from './exchange.ts';
import type { Fingerprint } from './fingerprint.ts';
import { runOnce, toStored } from './idempotency.ts';
import type { BodyDigest, IdempotencyScope, IdempotencyStore } from './idempotency.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { renderReply } from './render-reply.ts';
import type { ReplyDescription } from './render-reply.ts';
import type { RenderedReply } from './rendered-reply.ts';

interface OnceOptions {
  readonly store: IdempotencyStore;
  readonly scope: IdempotencyScope;
  readonly fingerprint: Fingerprint;
  readonly request: IncomingRequest;
  readonly description: ReplyDescription;
  readonly run: () => Promise<RenderedReply | undefined>;
}

/** Answers a request that carries an idempotency key. */
export async function answerOnce(options: OnceOptions): Promise<RenderedReply | undefined> {
  const { store, scope, request, description } = options;
  const digest = digestOf(options);
  return await runOnce({
    store,
    scope,
    log: request.log,
    fingerprint: digest,
    run: async (owner) => {
      request.keepReply = async (tx, result) => {
        const reply = renderReply(result, description);
        if (reply === undefined || reply.send !== undefined) throw new Error('a stream cannot be kept for a key');
        await keepIn(tx, { store, owner, reply, fingerprint: digest.finished() });
      };
      return await options.run();
    },
    renderError: (thrown) => {
      const error = toAppError(thrown);
      const exchange = exchangeOf(request.res);
      return error.status >= 500 || error.retryable ? undefined : renderError(request.req, exchange, error);
    },
  });
}

interface Kept {
  readonly store: IdempotencyStore;
  readonly owner: string;
  readonly reply: RenderedReply;
  readonly fingerprint: Uint8Array | undefined;
}

async function keepIn(tx: Transaction, { store, owner, reply, fingerprint }: Kept): Promise<void> {
  if (await store.complete(owner, toStored(reply), fingerprint, tx)) return;
  throw new AppError('IDEMPOTENCY_KEY_LOST', {
    status: 409,
    detail: 'another process has taken over this Idempotency-Key',
    retryable: true,
  });
}

function digestOf({ fingerprint, request }: OnceOptions): BodyDigest {
  const { raw, multipart, req } = request;
  let digest: Uint8Array | undefined;
  const once = (): Uint8Array => (digest ??= fingerprint.digest());
  return {
    known: raw === undefined && multipart === undefined ? once() : undefined,
    read: async () => {
      if (raw !== undefined) for await (const _ of raw.stream());
      if (multipart !== undefined)
        for await (const part of multipart.parts()) if (part.kind === 'file') part.stream.resume();
      return once();
    },
    finished: () => (digest !== undefined || req.readableEnded ? once() : undefined),
  };
}
