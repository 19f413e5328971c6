/** Who asks, and how to tell that nobody waits any more. */
export interface Caller {
  readonly tenant: string;
  readonly subject: string;
  /** The id of the API key that was shown. */
  readonly apiKey?: string | undefined;
  readonly requestId: string;
  readonly signal: AbortSignal;
  /** What the client says of answers that are kept: `no-cache` takes none, `no-store` leaves none. */
  readonly cacheControl?: string | undefined;
}
