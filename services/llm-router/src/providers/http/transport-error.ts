import { ProviderError, type FailureKind } from '../provider-error.ts';

const TLS = /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME)/;
const PROTOCOL = /^(HPE_|UND_ERR_RES_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RESPONSE)/;

/** What an exception of the transport means. Its message is kept out: it may name addresses inside the network. */
export function toProviderError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  const code = codeOf(error);
  const [kind, detail] = meaning(code);
  return new ProviderError({ kind, detail: `${detail} (${code})`, cause: error });
}

function meaning(code: string): [FailureKind, string] {
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return ['timeout', 'no connection in time'];
  if (TLS.test(code)) return ['connection', 'the TLS connection failed'];
  if (PROTOCOL.test(code)) return ['protocol', 'the reply is not valid HTTP'];
  return ['connection', 'the connection failed'];
}

function codeOf(error: unknown): string {
  const { code, cause, name } = (error ?? {}) as { code?: unknown; cause?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  if (cause !== undefined) return codeOf(cause);
  return typeof name === 'string' ? name : 'unknown';
}
