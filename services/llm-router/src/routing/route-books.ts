import type { Provider } from '../providers/provider.ts';
import { RouteBook, type Route, type RouteDefaults } from './route-book.ts';

export interface RouteBooksOptions {
  readonly routes: readonly Route[];
  readonly providers: readonly Provider[];
  /** Tenants of the providers, by name, that are not everybody's. */
  readonly tenantsOf: ReadonlyMap<string, readonly string[]>;
  readonly defaults: RouteDefaults;
}

/**
 * What each tenant may use: the providers that are everybody's and, before them, its own with its own keys. Of others
 * it is not even told.
 */
export class RouteBooks {
  readonly #common: RouteBook;
  readonly #own: ReadonlyMap<string, RouteBook>;

  constructor(options: RouteBooksOptions) {
    const tenants = new Set([...options.tenantsOf.values()].flat());
    this.#common = bookOf(undefined, options);
    this.#own = new Map([...tenants].map((tenant) => [tenant, bookOf(tenant, options)]));
  }

  of(tenant: string): RouteBook {
    return this.#own.get(tenant) ?? this.#common;
  }
}

function bookOf(tenant: string | undefined, { routes, providers, tenantsOf, defaults }: RouteBooksOptions): RouteBook {
  const isCommon = ({ name }: Provider): boolean => !tenantsOf.has(name);
  const isOwn = ({ name }: Provider): boolean => tenant !== undefined && tenantsOf.get(name)?.includes(tenant) === true;
  const open = routes
    .map((route) => ({
      ...route,
      targets: route.targets.filter(({ provider }) => isCommon(provider) || isOwn(provider)),
    }))
    .filter(({ targets }) => targets.length > 0);
  return new RouteBook(open, [...providers.filter(isOwn), ...providers.filter(isCommon)], defaults);
}
