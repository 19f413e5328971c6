import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Transaction } from '../clients/transaction.ts';
import type { Identity } from '../identity-token.ts';
import type { Logger } from '../logger.ts';
import type { ErrorFormat } from './exchange.ts';
import type { Multipart, MultipartOptions } from './multipart.ts';
import type { RawBody } from './raw-body.ts';
import type { EmptyReply, EventStreamReply, OwnReply, Reply, StreamReply } from './reply.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export interface ReplyDocumentation {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** JSON where absent. */
  readonly contentTypes?: readonly string[];
}

/** A route: its schemas validate, type and document it. */
export interface RouteSpec {
  /** One line, for the documentation. */
  readonly summary: string;
  readonly description?: string;
  /** From method and path where absent. */
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  /** Keys are header names in lower case. */
  readonly headers?: z.ZodType;
  /** The JSON body. */
  readonly body?: z.ZodType;
  /** Takes multipart/form-data, instead of or besides JSON. */
  readonly multipart?: MultipartOptions;
  /** Takes bodies of these types as they are, each like `text/plain`, `image/*` or any. */
  readonly raw?: { readonly contentTypes: readonly string[] };
  /** 1 MiB by default. */
  readonly maxBodyBytes?: number;
  /** The JSON reply. */
  readonly reply?: z.ZodType;
  /** Types of a reply that is not JSON. */
  readonly produces?: readonly string[];
  /** Of a successful reply; 200 by default. */
  readonly status?: number;
  /** Further replies, for the documentation. */
  readonly replies?: Readonly<Record<number, ReplyDocumentation>>;
  /** All of these are needed. */
  readonly scopes?: readonly string[];
  /** Needs no identity. */
  readonly public?: boolean;
  /**
   * Whether a POST takes an `Idempotency-Key`: `optional` by default, where the service has a store for keys; `none`
   * for one that changes nothing.
   */
  readonly idempotencyKey?: 'optional' | 'required' | 'none';
  /** `problem` by default. */
  readonly errorFormat?: ErrorFormat;
}

type Output<S, Fallback> = S extends z.ZodType ? z.output<S> : Fallback;
type Optional<S extends RouteSpec, Keys extends keyof RouteSpec, T> = Keys extends unknown
  ? undefined extends S[Keys]
    ? T
    : undefined | T
  : never;
/** A body of one kind is only certain where the route takes no other kind. */
type OneOf<S extends RouteSpec, Kind extends 'body' | 'multipart' | 'raw', T> =
  S extends Record<Kind, object> ? Optional<S, Exclude<'body' | 'multipart' | 'raw', Kind>, T> : undefined;

/** What a handler gets. */
export interface RouteRequest<S extends RouteSpec> {
  readonly params: Output<S['params'], Record<string, string>>;
  readonly query: Output<S['query'], Record<string, never>>;
  readonly headers: Output<S['headers'], Record<string, never>>;
  readonly body: OneOf<S, 'body', Output<S['body'], never>>;
  readonly multipart: OneOf<S, 'multipart', Multipart>;
  readonly raw: OneOf<S, 'raw', RawBody>;
  readonly identity: S extends { public: true } ? Identity | undefined : Identity;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  /** Adds the request's id to each line. */
  readonly log: Logger;
  readonly requestId: string;
  /**
   * Keeps the reply for the request's idempotency key in the transaction of the work itself, so that not even a crash
   * right after the commit lets a repetition run again. Without it the reply is kept right after the handler.
   */
  readonly keepReply: (tx: Transaction, result: RouteResult<S>) => Promise<void>;
  readonly req: Request;
  readonly res: Response;
}

type ReplyBody<S extends RouteSpec> = S['reply'] extends z.ZodType ? z.input<S['reply']> : unknown;

/** What a handler returns: the JSON body, or one of `reply`, `empty`, `stream`, `answered`. */
export type RouteResult<S extends RouteSpec> =
  | ReplyBody<S>
  | Reply<ReplyBody<S>>
  | EmptyReply
  | StreamReply
  | EventStreamReply
  | OwnReply
  | (S['reply'] extends z.ZodType ? never : void);

export type Handler<S extends RouteSpec> = (request: RouteRequest<S>) => RouteResult<S> | Promise<RouteResult<S>>;

export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly spec: RouteSpec;
  readonly handler: Handler<RouteSpec>;
}

type Define = <const S extends RouteSpec>(path: string, spec: S, handler: Handler<S>) => Route;

function define(method: Method): Define {
  return (path, spec, handler) => ({ method, path, spec, handler: handler as unknown as Handler<RouteSpec> });
}

export const get: Define = define('get');
export const post: Define = define('post');
export const put: Define = define('put');
export const patch: Define = define('patch');
export const del: Define = define('delete');

/** The routes of one resource. */
export function routes(...list: Route[]): Route[] {
  return list;
}
