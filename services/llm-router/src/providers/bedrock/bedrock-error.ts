import { toProviderError } from '../http/transport-error.ts';
import { ProviderError, type FailureKind } from '../provider-error.ts';

const KINDS: Readonly<Record<string, FailureKind>> = {
  ThrottlingException: 'rate-limited',
  ServiceQuotaExceededException: 'rate-limited',
  ValidationException: 'rejected',
  AccessDeniedException: 'credentials',
  UnrecognizedClientException: 'credentials',
  InvalidSignatureException: 'credentials',
  ExpiredTokenException: 'credentials',
  CredentialsProviderError: 'credentials',
  ResourceNotFoundException: 'unavailable',
  ModelNotReadyException: 'unavailable',
  ModelTimeoutException: 'unavailable',
  ModelErrorException: 'unavailable',
  ModelStreamErrorException: 'unavailable',
  InternalServerException: 'unavailable',
  ServiceUnavailableException: 'unavailable',
};

interface AwsError {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What an exception of the AWS SDK means. */
export function toBedrockError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  const { name = '', message = '', $metadata: metadata } = (error ?? {}) as Partial<AwsError>;
  const status = metadata?.httpStatusCode;
  const kind = KINDS[name] ?? kindOf(status);
  if (kind === undefined) return toProviderError(error);
  return new ProviderError({
    kind,
    detail: `${name}${status === undefined ? '' : `, status ${String(status)}`}`,
    status,
    cause: error,
    ...(kind === 'rejected' && {
      rejection: { message: message.slice(0, 2_000), code: 'validation_exception', param: null },
    }),
  });
}

function kindOf(status: number | undefined): FailureKind | undefined {
  if (status === undefined) return undefined;
  if (status === 429) return 'rate-limited';
  return status >= 500 ? 'unavailable' : undefined;
}
