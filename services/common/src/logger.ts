import { pino, stdTimeFunctions } from 'pino';
import type { DestinationStream, LoggerOptions as PinoOptions } from 'pino';
import { redactFields, redactText } from './redact.ts';

/** Fields first, then a message that never changes: data has no place in it. */
export interface LogMethod {
  (fields: object, message: string): void;
  (message: string): void;
}

/**
 * A JSON logger: `log.info({ fields }, 'a static message')`. Personal data stands only under `pii`. Secrets are
 * masked by the name of their field and by their form.
 */
export interface Logger {
  readonly trace: LogMethod;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  readonly fatal: LogMethod;
  level: string;
  /** A logger that adds `bindings` to each of its lines. */
  readonly child: (bindings: Record<string, unknown>) => Logger;
  isLevelEnabled(level: string): boolean;
}

export interface LoggerOptions {
  readonly service: string;
  readonly version?: string;
  /** `info` by default. */
  readonly level?: string;
  /** Whether the `pii` field is written out; masked by default. */
  readonly pii?: boolean;
  /** Where lines go; standard output by default. */
  readonly destination?: DestinationStream;
}

/** Creates the logger of a process. Lines are written before the call returns, so none is lost in a crash. */
export function createLogger({ service, version, level, pii = false, destination }: LoggerOptions): Logger {
  const options: PinoOptions = {
    level: level ?? 'info',
    base: { service, ...(version === undefined ? {} : { version }) },
    messageKey: 'message',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: (fields) => redactFields(fields, pii) },
    // The formatter above makes errors safe; pino's own serializer would look at the original.
    serializers: { err: (error: unknown) => error },
    hooks: { logMethod: redactMessage },
  };
  const log: Logger = pino(options, destination ?? pino.destination({ dest: 1, sync: true }));
  const pinoChild = log.child as (this: Logger, bindings: object) => Logger;
  // pino does not pass a child's bindings through the formatter of its parent.
  return Object.assign(log, {
    child(this: Logger, bindings: Record<string, unknown>): Logger {
      return pinoChild.call(this, redactFields(bindings, pii));
    },
  });
}

/** For tests and tools: logs nothing. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}

function redactMessage(this: unknown, args: unknown[], method: (...args: never[]) => void): void {
  const last = args.length - 1;
  const message = args[last];
  if (typeof message === 'string') args[last] = redactText(message);
  method.apply(this, args as never[]);
}
