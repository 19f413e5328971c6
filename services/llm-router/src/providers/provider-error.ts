/** What went wrong with a provider. */
export type FailureKind =
  'rate-limited' | 'unavailable' | 'timeout' | 'connection' | 'protocol' | 'too-large' | 'credentials' | 'rejected';

export interface ProviderErrorOptions {
  readonly kind: FailureKind;
  /** Without secrets and without the content of requests. */
  readonly detail: string;
  /** HTTP status of the provider's answer. */
  readonly status?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** The provider's own words for the client: only of a request that it rejected. */
  readonly rejection?: { readonly message: string; readonly code: string; readonly param: string | null } | undefined;
  readonly cause?: unknown;
}

/** A provider did not do what it was asked. All kinds but `rejected` let the next target try. */
export class ProviderError extends Error {
  readonly kind: FailureKind;
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly rejection: ProviderErrorOptions['rejection'];

  constructor({ kind, detail, status, retryAfterSeconds, rejection, cause }: ProviderErrorOptions) {
    super(detail, cause === undefined ? undefined : { cause });
    this.name = 'ProviderError';
    this.kind = kind;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.rejection = rejection;
  }
}

/** A stream that stopped without saying that it is complete. */
export function endedEarly(): ProviderError {
  return new ProviderError({ kind: 'protocol', detail: 'the stream ended before it was complete' });
}
