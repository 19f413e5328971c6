import { lookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import type { Dispatcher } from 'undici';
import { AppError } from '../errors.ts';
import { startDeadline } from './deadline.ts';
import type { Deadline } from './deadline.ts';
import { HttpReply, toUpstreamError } from './http-reply.ts';
import { isPublicAddress } from './public-address.ts';
import type { AllowedNetworks } from './public-address.ts';

type Resolve = (hostname: string, callback: (error: Error | null, addresses: LookupAddress[]) => void) => void;

export interface SsrfGuardOptions {
  /** Networks that may be called though they are not public. */
  readonly allowed?: AllowedNetworks;
  /** How names become addresses; by the system's resolver where absent. */
  readonly resolve?: Resolve;
}

export interface PublicRequest {
  /** `GET` by default. */
  readonly method?: Dispatcher.HttpMethod;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** For everything together; 10 s by default. */
  readonly timeoutMs?: number;
  /** 10 MiB by default. */
  readonly maxBytes?: number;
  /** 3 by default. */
  readonly maxRedirects?: number;
}

export interface PublicReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  /** After redirects. */
  readonly url: string;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_BYTES = 10 * 1024 * 1024;

/** Calls addresses that users give, and only public ones: the guard against server-side request forgery. */
export class SsrfGuard {
  readonly #agent: Agent;
  readonly #allowed: AllowedNetworks;

  constructor({ allowed = [], resolve = resolveBySystem }: SsrfGuardOptions = {}) {
    this.#allowed = allowed;
    const connect = buildConnector({ timeout: 3_000, lookup: guardedLookup(resolve, allowed) });
    this.#agent = new Agent({
      connect: (options, callback) => {
        // Addresses written as numbers never reach the lookup.
        const { hostname } = options;
        if (isIP(hostname) !== 0 && !isPublicAddress(hostname, allowed)) callback(notPublic(hostname), null);
        else connect(options, callback);
      },
    });
  }

  /**
   * Checks an address without calling it, as far as that is possible: for fields that are called later.
   *
   * @throws AppError 400
   */
  check(url: string): URL {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (
      parsed === undefined ||
      !/^https?:$/.test(parsed.protocol) ||
      parsed.username !== '' ||
      parsed.password !== ''
    ) {
      throw refused('the address has to be an http or https URL without user and password');
    }
    const host = parsed.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isPublicAddress(host, this.#allowed)) throw notPublic(host);
    return parsed;
  }

  /**
   * Calls a public address, following redirects to public addresses. The address that was checked is the one that is
   * connected to: a name that resolves differently a moment later changes nothing.
   *
   * @throws AppError 400 for an address that is not public, 502 and 504 for one that does not answer
   */
  async fetch(url: string, options: PublicRequest = {}): Promise<PublicReply> {
    const deadline = startDeadline(options.timeoutMs ?? 10_000, options.signal);
    const { maxBytes = MAX_BYTES, maxRedirects = 3 } = options;
    let step = firstStep(this.check(url), options);
    try {
      for (let redirects = 0; ; redirects += 1) {
        const reply = await this.#send(step, deadline);
        const location = REDIRECTS.has(reply.status) ? reply.headers.location : undefined;
        if (location === undefined) {
          const bytes = await reply.bytes(maxBytes);
          return { status: reply.status, headers: reply.headers, bytes, url: step.target.href };
        }
        reply.discard();
        if (redirects >= maxRedirects) throw refused('the address redirects too often');
        step = redirected(step, this.check(new URL(location, step.target).href), reply.status);
      }
    } catch (error) {
      throw toUpstreamError(unwrap(error), step.target.host, deadline);
    } finally {
      deadline.lift();
    }
  }

  async #send({ target, method, headers, body }: Step, deadline: Deadline): Promise<HttpReply> {
    const raw = await request(target, {
      method,
      headers: { 'accept-encoding': 'identity', ...headers },
      body: body ?? null,
      signal: deadline.signal,
      dispatcher: this.#agent,
    });
    return new HttpReply(target.host, deadline, raw);
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}

/** One call on the way. */
interface Step {
  readonly target: URL;
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

function firstStep(target: URL, { method = 'GET', headers = {}, body }: PublicRequest): Step {
  return { target, method, headers, body };
}

/** Credentials are for the host that they were given for; a 303 is answered by a GET (RFC 9110 section 15.4.4). */
function redirected({ target: from, method, headers, body }: Step, target: URL, status: number): Step {
  const carried = target.origin === from.origin ? headers : withoutCredentials(headers);
  return status === 303
    ? { target, method: 'GET', headers: carried, body: undefined }
    : { target, method, headers: carried, body };
}

function resolveBySystem(...[hostname, callback]: Parameters<Resolve>): void {
  lookup(hostname, { all: true, verbatim: true }, callback);
}

/** Resolves once, checks every address, and hands on what was checked: that is what the socket connects to. */
function guardedLookup(resolve: Resolve, allowed: AllowedNetworks) {
  return (
    hostname: string,
    options: LookupOptions,
    callback: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
  ): void => {
    resolve(hostname, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) return callback(error ?? new Error('no address'), []);
      const hidden = addresses.some(({ address }) => !isPublicAddress(address, allowed));
      if (hidden) return callback(notPublic(hostname), []);
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(?:authorization|cookie|proxy-authorization|x-api-key)$/i.test(name)),
  );
}

/** undici and Node wrap what a connector or a lookup throws. */
function unwrap(error: unknown): unknown {
  const { cause } = error as { cause?: unknown };
  return cause instanceof AppError ? cause : error;
}

function refused(detail: string): AppError {
  return new AppError('ADDRESS_REFUSED', { status: 400, detail });
}

function notPublic(host: string): AppError {
  return refused(`${host} is not a public address`);
}
