/** So many at once, and one more every interval. */
export interface Rate {
  readonly burst: number;
  readonly intervalSeconds: number;
}

/**
 * How often what may be tried. Guessing one account's password from everywhere: 10 + 60 an hour, under the 100 an hour of
 * ASVS 2.2.1; the owner at another address is not locked out by it for longer than a minute.
 */
export const RATES = {
  'login:account': { burst: 10, intervalSeconds: 60 },
  'login:account-address': { burst: 5, intervalSeconds: 60 },
  'login:address': { burst: 30, intervalSeconds: 2 },
  'register:address': { burst: 10, intervalSeconds: 60 },
  'mail:account': { burst: 3, intervalSeconds: 300 },
  'mail:address': { burst: 10, intervalSeconds: 60 },
  'token:address': { burst: 60, intervalSeconds: 1 },
  'mfa:account': { burst: 5, intervalSeconds: 60 },
} as const satisfies Readonly<Record<string, Rate>>;

export type RateName = keyof typeof RATES;
