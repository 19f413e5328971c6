/** One wrong member of a request. */
export interface FieldError {
  /** JSON Pointer (RFC 6901) into the part of the request named by `in`. */
  readonly pointer: string;
  /** Where the pointer points; the body where absent. */
  readonly in?: 'body' | 'query' | 'path' | 'header';
  readonly detail: string;
}

export interface AppErrorOptions {
  /** HTTP status of the reply. */
  readonly status: number;
  /** What happened, for the caller: no secrets, no inner workings. */
  readonly detail?: string;
  /** A short name of the kind of problem; the status's own phrase by default. */
  readonly title?: string;
  /** Where in the request body the cause is: a JSON Pointer (RFC 6901). */
  readonly pointer?: string;
  /** All wrong members, where there are several. */
  readonly errors?: readonly FieldError[];
  /** Whether the same request may succeed later. By default 429, 502, 503 and 504 are. */
  readonly retryable?: boolean;
  /** Seconds after which to try again: the `Retry-After` header. */
  readonly retryAfterSeconds?: number;
  /** More headers of the reply. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

const RETRYABLE = new Set([429, 502, 503, 504]);

/**
 * The one error that a service throws on purpose, with the policy inside. `code` is SCREAMING_SNAKE, prefixed by the
 * service (`SEARCH_INDEX_MISSING`). Everything else that is thrown becomes a 500 without detail.
 */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: string | undefined;
  readonly title: string | undefined;
  readonly errors: readonly FieldError[];
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, options: AppErrorOptions) {
    super(options.detail ?? code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = options.status;
    this.detail = options.detail;
    this.title = options.title;
    this.errors = options.errors ?? pointerError(options);
    this.retryable = options.retryable ?? RETRYABLE.has(options.status);
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.headers = options.headers ?? {};
  }
}

function pointerError({ pointer, detail }: AppErrorOptions): FieldError[] {
  return pointer === undefined ? [] : [{ pointer, detail: detail ?? 'is wrong' }];
}
