import type { IncomingMessage } from 'node:http';

/** What a request to the API server asks for. */
export interface RequestInfo {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'apply' | 'delete' | 'other';
  /** Plural: `deployments`. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly query: URLSearchParams;
}

/** What a list or a watch is of: the plural, and the label selector where there is one. */
export function collectionOf({ kind, query }: RequestInfo): string {
  const selector = query.get('labelSelector');
  return selector === null ? kind : `${kind} with ${selector}`;
}

/** Which requests a fault hits; absent parts match all. */
export interface Match {
  readonly verb?: RequestInfo['verb'] | readonly RequestInfo['verb'][];
  readonly kind?: string | RegExp;
  /** A pattern where part of the name is a hash. */
  readonly name?: string | RegExp;
  readonly subresource?: string;
}

/** What happens to a request. */
export type FaultAction =
  /** The connection is reset (RST). */
  | { readonly type: 'reset' }
  /** The connection is closed (FIN); of a watch, the stream ends as if its time were up. */
  | { readonly type: 'close' }
  /** Nothing further is sent, and nothing closed. */
  | { readonly type: 'silence' }
  /** An answer of the proxy's own in place of the API server's. */
  | { readonly type: 'status'; readonly code: number; readonly reason?: string; readonly retryAfterSeconds?: number }
  /** Bytes that are no answer, in place of it; in a watch, as a line. */
  | { readonly type: 'garbage'; readonly text?: string }
  /** An ERROR event, after which the stream ends. */
  | { readonly type: 'error-event'; readonly code: number; readonly reason: string }
  /** The answer comes later. */
  | { readonly type: 'delay'; readonly ms: number }
  /** The answer, changed. */
  | { readonly type: 'rewrite'; readonly with: (body: string, request: RequestInfo) => string }
  /** The client dies: nothing of it passes any more, in either direction. With `replied` it has had the answer before. */
  | { readonly type: 'crash'; readonly replied: boolean }
  /** The answer comes in pieces of so many bytes, one each 10 ms. */
  | { readonly type: 'drip'; readonly bytes: number }
  /** Asks the API server something else, for example for a list of the past. */
  | { readonly type: 'query'; readonly set: Readonly<Record<string, string>> }
  /** Watch events are held back until the gate opens, in order. */
  | { readonly type: 'freeze'; readonly gate: Promise<void> }
  /** Nothing is broken; somebody is told that the request is here. */
  | { readonly type: 'notice'; readonly tell: () => void };

/** What goes wrong in a run; all of it may be in force at once. */
export type FaultPlan = readonly Fault[];

/** One entry of a plan: which requests, when, and what happens to them. */
export interface Fault {
  readonly match: Match;
  /** `before`: the API server never sees the request. `after`: it has answered, which is what is lost or changed. */
  readonly when: 'before' | 'after';
  readonly action: FaultAction;
  /** Hits the nth matching request and those after it; 1 by default. */
  readonly nth?: number;
  /** Hits this many; all from the nth on by default. */
  readonly times?: number;
  /** `nth` and `times` count for each object, or collection, and verb by itself. */
  readonly each?: boolean;
  /** Hits only so many of those that match, from 0 to 1, by the proxy's seeded dice. */
  readonly chance?: number;
  /** Of a watch, with `after`: so many lines pass before. */
  readonly lines?: number;
}

const resourcePath =
  /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)(?:\/namespaces\/(?<namespace>[^/]+)(?=\/.))?\/(?<kind>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>.+))?$/;

export function requestInfo(request: IncomingMessage): RequestInfo {
  const url = new URL(request.url ?? '/', 'https://api');
  const { namespace = '', kind = '', name = '', subresource = '' } = resourcePath.exec(url.pathname)?.groups ?? {};
  return { verb: verbOf(request, url, name), kind, namespace, name, subresource, query: url.searchParams };
}

export function matches(match: Match, request: RequestInfo): boolean {
  const verbs = match.verb === undefined ? undefined : [match.verb].flat();
  if (verbs && !verbs.includes(request.verb)) return false;
  return (['kind', 'name', 'subresource'] as const).every((part) => {
    const wanted = match[part];
    return wanted instanceof RegExp ? wanted.test(request[part]) : wanted === undefined || wanted === request[part];
  });
}

function verbOf(request: IncomingMessage, url: URL, name: string): RequestInfo['verb'] {
  switch (request.method) {
    case 'GET':
      if (url.searchParams.get('watch') === 'true') return 'watch';
      return name === '' ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return request.headers['content-type'] === 'application/apply-patch+yaml' ? 'apply' : 'patch';
    case 'DELETE':
      return 'delete';
    default:
      return 'other';
  }
}
