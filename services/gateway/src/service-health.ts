import { z } from 'zod';
import type { Clock } from '@genai-platform/common';
import type { RoutedService } from './domain/route-table.ts';

const TIMEOUT_MS = 2_500;
const REMEMBER_MS = 1_000;

/** What `/readyz` of a service answers. */
const Readiness = z.object({
  status: z.string(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), reason: z.string().optional() })).default([]),
});

export const ServiceHealth = z.object({
  object: z.literal('service'),
  name: z.string(),
  prefixes: z.array(z.string()),
  status: z.enum(['ready', 'unready', 'unreachable']),
  /** The names of the checks that fail. */
  failing: z.array(z.string()),
});
export type ServiceHealth = z.output<typeof ServiceHealth>;

/** Asks every service whether it is ready; answers are shared for a second, so that asking often loads nobody. */
export class HealthCatalogue {
  readonly #services: readonly RoutedService[];
  readonly #clock: Clock;
  #answers: Promise<ServiceHealth[]> | undefined;
  #askedAtMs = -Infinity;

  constructor(services: readonly RoutedService[], clock: Clock) {
    this.#services = services;
    this.#clock = clock;
  }

  list(): Promise<ServiceHealth[]> {
    const now = this.#clock.now();
    if (this.#answers === undefined || now - this.#askedAtMs > REMEMBER_MS) {
      this.#askedAtMs = now;
      this.#answers = Promise.all(this.#services.map(healthOf));
    }
    return this.#answers;
  }
}

async function healthOf({ service, prefixes, url }: RoutedService): Promise<ServiceHealth> {
  const base = { object: 'service' as const, name: service, prefixes: [...prefixes] };
  try {
    const response = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { checks } = Readiness.parse(await response.json());
    const failing = checks.filter(({ ok }) => !ok).map(({ name }) => name);
    return { ...base, status: response.ok ? 'ready' : 'unready', failing };
  } catch {
    return { ...base, status: 'unreachable', failing: [] };
  }
}
