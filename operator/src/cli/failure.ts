import { ApiError } from '../runtime/index.ts';
import { CallTimeout, ConnectionError } from '../runtime/transport/api-error.ts';

/** Something that the user is told, with what to do next. */
export class Failure extends Error {
  readonly next: string | undefined;

  /** @param next what the user may do about it; a sentence or a command. */
  constructor(message: string, next?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Failure';
    this.next = next;
  }
}

/** What to tell of anything that was thrown. */
export interface Explanation {
  readonly message: string;
  readonly details: readonly string[];
  readonly next?: string | undefined;
}

/** The words for an error: what happened, the fields that are to blame, and what to do next. */
export function explain(thrown: unknown): Explanation {
  if (thrown instanceof Failure) return { message: thrown.message, details: [], next: thrown.next };
  if (thrown instanceof ApiError) return explainApi(thrown);
  if (thrown instanceof ConnectionError || thrown instanceof CallTimeout) {
    const next = 'check that the cluster is up and that --kubeconfig and --context name it: kubectl cluster-info';
    return { message: thrown.message, details: [], next };
  }
  return { message: thrown instanceof Error ? thrown.message : String(thrown), details: [] };
}

function explainApi(error: ApiError): Explanation {
  const details = error.causes.flatMap(({ field, message }) => {
    const text = message ?? '';
    return field === undefined ? [] : [`${field}: ${withoutField(text, field)}`];
  });
  // The causes say it all again, each with its field.
  const message = details.length > 0 ? error.message.replace(/: \[?.*$/s, '') : error.message;
  return { message, details, next: nextOf(error) };
}

/** Strict validation repeats the field in its message. */
function withoutField(message: string, field: string): string {
  return message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
}

function nextOf({ code, message }: ApiError): string | undefined {
  if (code === 401) return 'the credentials of this context were refused: log in again, or choose another --context';
  if (code === 403) return 'ask for these rights, or use a --context that has them: kubectl auth can-i --list';
  if (code === 404 && /namespaces? "/.test(message)) return 'create the namespace first: kubectl create namespace NAME';
  if (code === 422 || code === 400)
    return 'the fields are described in crds/REFERENCE.md: kubectl explain genaiplatform.spec';
  return undefined;
}
