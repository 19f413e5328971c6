import type { Request, Response } from 'express';
import type { Transaction } from '../clients/transaction.ts';
import type { Identity } from '../identity-token.ts';
import type { Logger } from '../logger.ts';
import { ClientGone } from './client-gone.ts';
import { exchangeOf } from './exchange.ts';
import type { Multipart } from './multipart.ts';
import type { RawBody } from './raw-body.ts';

/** What a handler gets. What costs something (a logger, a signal) is made when it is first asked for. */
export class IncomingRequest {
  params: unknown;
  query: unknown;
  headers: unknown;
  body: unknown;
  multipart: Multipart | undefined;
  raw: RawBody | undefined;
  /** Without an idempotency key there is nothing to keep. */
  keepReply: (tx: Transaction, result: unknown) => Promise<void> = nothingToKeep;
  readonly req: Request;
  readonly res: Response;
  readonly #log: Logger;
  #child: Logger | undefined;
  #signal: AbortSignal | undefined;

  constructor(log: Logger, req: Request, res: Response) {
    this.#log = log;
    this.req = req;
    this.res = res;
  }

  get identity(): Identity | undefined {
    return exchangeOf(this.res).identity;
  }

  get requestId(): string {
    return exchangeOf(this.res).requestId;
  }

  get log(): Logger {
    const { requestId, traceId } = exchangeOf(this.res);
    return (this.#child ??= this.#log.child({ request_id: requestId, trace_id: traceId }));
  }

  get signal(): AbortSignal {
    return (this.#signal ??= abortOnClose(this.res));
  }
}

const nothingToKeep = async (): Promise<void> => undefined;

function abortOnClose(res: Response): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new ClientGone());
  if (res.destroyed) abort();
  else
    res.once('close', () => {
      if (!res.writableFinished) abort();
    });
  return controller.signal;
}
