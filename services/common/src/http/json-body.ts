import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors.ts';
import { readBody } from './body-stream.ts';

/** A JSON body: its bytes as sent (decoded), and its value. */
export interface JsonBody {
  readonly bytes: Buffer;
  readonly value: unknown;
}

/** Reads and parses a JSON body. @throws AppError 400 that says where it is not JSON, 413, 415 */
export async function readJsonBody(req: IncomingMessage, maxBytes: number): Promise<JsonBody> {
  const bytes = await readBody(req, maxBytes);
  if (bytes.length === 0) return { bytes, value: undefined };
  if (!isUtf8(bytes)) throw notJson('the body is not UTF-8');
  try {
    return { bytes, value: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch (cause) {
    throw notJson(`the body is not JSON: ${where(cause as SyntaxError)}`, cause);
  }
}

/** V8's message without the piece of the body that it quotes. */
function where(error: SyntaxError): string {
  const position = / at position \d+(?: \(line \d+ column \d+\))?/.exec(error.message)?.[0];
  return position === undefined ? 'it ends too early' : `wrong${position}`;
}

function notJson(detail: string, cause?: unknown): AppError {
  return new AppError('REQUEST_MALFORMED', { status: 400, detail, cause });
}
