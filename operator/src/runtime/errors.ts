/** What to do about a failure. Only `reconcile/verdict.ts` reads it. */
export interface ErrorPolicy {
  /** `backoff`: exponential, per object. `soon`: a lost race, repeat without calling it an error. `never`: stall. */
  readonly retry: 'backoff' | 'soon' | 'never';
  /** At least this long until the next try, from Retry-After. */
  readonly afterMs?: number;
  /** Of the step's condition, PascalCase. */
  readonly reason: string;
  /** Says something about the cluster or this process and nothing about the object: its conditions stay as they are. */
  readonly silent?: boolean;
}

/** An error that knows what is to be done about it. */
export abstract class RuntimeError extends Error {
  abstract readonly policy: ErrorPolicy;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Something that no retry can mend: the same input fails the same way. */
export class TerminalError extends RuntimeError {
  readonly policy: ErrorPolicy;

  /** @param reason PascalCase, becomes the condition's reason. */
  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.policy = { retry: 'never', reason };
  }
}

/** This process may no longer write: another may lead, or will soon. Nothing is wrong with the object. */
export class NotLeading extends RuntimeError {
  readonly policy: ErrorPolicy = { retry: 'soon', reason: 'NotLeading', silent: true };
}

/** The reconcile took longer than its deadline. */
export class DeadlineExceeded extends RuntimeError {
  readonly policy: ErrorPolicy = { retry: 'backoff', reason: 'DeadlineExceeded' };
}

/** The process is stopping; the object is picked up by the next one. */
export class ShuttingDown extends RuntimeError {
  readonly policy: ErrorPolicy = { retry: 'soon', reason: 'ShuttingDown', silent: true };
}

/** The object that a decision rested on has changed meanwhile; the cache will show it presently. */
export class StaleView extends RuntimeError {
  readonly policy: ErrorPolicy = { retry: 'soon', reason: 'StaleView', silent: true };
}

/** Several failures of independent parts; the most patient policy counts, so that no part is hammered. */
export class JoinedErrors extends RuntimeError {
  readonly policy: ErrorPolicy;
  readonly errors: readonly Error[];

  constructor(errors: readonly Error[]) {
    super(joinMessages(errors), { cause: errors[0] });
    this.errors = errors;
    this.policy = joinPolicies(errors.map(policyOf));
  }
}

/** As many as a person reads. */
const messagesShown = 5;

function joinMessages(errors: readonly Error[]): string {
  const messages = [...new Set(errors.map((error) => error.message))];
  const shown = messages.slice(0, messagesShown).join('; ');
  return messages.length > messagesShown ? `${shown}; and ${messages.length - messagesShown} more` : shown;
}

const unexpected: ErrorPolicy = { retry: 'backoff', reason: 'Error' };

/** The policy of any error; one that nobody foresaw is retried with backoff. */
export function policyOf(error: unknown): ErrorPolicy {
  return error instanceof RuntimeError ? error.policy : unexpected;
}

/** Whatever was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
}

/** One error as it is, several as `JoinedErrors`. */
export function joinErrors(thrown: readonly unknown[]): Error {
  const errors = thrown.map(asError);
  return errors.length === 1 && errors[0] ? errors[0] : new JoinedErrors(errors);
}

function joinPolicies(policies: readonly ErrorPolicy[]): ErrorPolicy {
  // A part that may recover by itself keeps the whole retrying; the others fail again, which costs little.
  const order: readonly ErrorPolicy['retry'][] = ['backoff', 'never', 'soon'];
  const ranked = policies.toSorted((a, b) => order.indexOf(a.retry) - order.indexOf(b.retry));
  const afterMs = Math.max(0, ...policies.map((policy) => policy.afterMs ?? 0));
  const silent = policies.every((policy) => policy.silent === true);
  const spoken = ranked.find((policy) => policy.silent !== true) ?? ranked[0] ?? unexpected;
  return { retry: ranked[0]?.retry ?? 'backoff', reason: spoken.reason, silent, ...(afterMs > 0 && { afterMs }) };
}
