import type { Identity } from '../identity-token.ts';
import { HttpClient } from './http-client.ts';
import type { HttpCall, HttpClientOptions } from './http-client.ts';
import type { HttpReply } from './http-reply.ts';
import type { IdentitySigner } from './identity-signer.ts';

export interface ServiceClientOptions extends Omit<HttpClientOptions, 'target'> {
  /** Name of the service that is called: the audience of its tokens, the label of its metrics. */
  readonly service: string;
  readonly signer: IdentitySigner;
}

/** In whose name a service is called, and what the call needs. */
export interface ServiceCaller {
  readonly identity: Pick<Identity, 'tenant' | 'subject'>;
  /** Only these: a token that is passed on is worth no more than the call that it is for. */
  readonly scopes: readonly string[];
}

/** Calls a sibling service in the name of whoever asked this one, by HTTP and with a token of the platform's own key. */
export class ServiceClient {
  readonly #http: HttpClient;
  readonly #service: string;
  readonly #signer: IdentitySigner;

  constructor({ service, signer, ...options }: ServiceClientOptions) {
    this.#http = new HttpClient({ target: service, ...options });
    this.#service = service;
    this.#signer = signer;
  }

  /** @throws AppError 502 when there is no answer, 504 when it is too late; the reason of the caller's signal */
  async call({ identity, scopes }: ServiceCaller, call: HttpCall): Promise<HttpReply> {
    const { tenant, subject } = identity;
    const token = await this.#signer.token(this.#service, { tenant, subject, scopes });
    return await this.#http.call({ ...call, headers: { ...call.headers, authorization: `Bearer ${token}` } });
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await this.#http.close();
  }
}
