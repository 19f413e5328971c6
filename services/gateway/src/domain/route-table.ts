/** A service and the paths that it owns. */
export interface RoutedService {
  readonly service: string;
  readonly prefixes: readonly string[];
  readonly url: string;
  /** Paths that need no credential, exactly as they are. */
  readonly public?: readonly string[] | undefined;
}

interface Entry {
  readonly prefix: string;
  readonly target: RoutedService;
}

/** Finds the service that owns a path: the longest prefix that ends at a slash or at the end of the path. */
export class RouteTable {
  readonly services: readonly RoutedService[];
  readonly #entries: readonly Entry[];
  readonly #public: ReadonlySet<string>;

  constructor(services: readonly RoutedService[]) {
    this.services = services;
    this.#entries = services
      .flatMap((target) => target.prefixes.map((prefix) => ({ prefix: prefix.replace(/\/+$/, ''), target })))
      .sort((a, b) => b.prefix.length - a.prefix.length);
    this.#public = new Set(services.flatMap((target) => target.public ?? []));
  }

  /** Whether a path may be asked without a credential. */
  isPublic(url: string): boolean {
    const end = url.indexOf('?');
    return this.#public.has(end === -1 ? url : url.slice(0, end));
  }

  /** @param url path with query, as it stands in the request line */
  find(url: string): RoutedService | undefined {
    return this.#entries.find(({ prefix }) => owns(prefix, url))?.target;
  }
}

function owns(prefix: string, url: string): boolean {
  if (!url.startsWith(prefix)) return false;
  const next = url.charCodeAt(prefix.length);
  return Number.isNaN(next) || next === SLASH || next === QUESTION_MARK;
}

const SLASH = 0x2f;
const QUESTION_MARK = 0x3f;
