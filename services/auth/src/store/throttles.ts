import { createHash } from 'node:crypto';
import { AppError } from '@genai-platform/common';
import type { Clock, Postgres } from '@genai-platform/common';
import { RATES } from '../domain/rate.ts';
import type { RateName } from '../domain/rate.ts';

/** $1 key, $2 now, $3 interval, $4 tolerance; all in ms. No row where it is too early. */
const CHARGE = `
  INSERT INTO throttles AS t (key, arrival_ms) VALUES ($1, $2::float8 + $3::float8)
  ON CONFLICT (key) DO UPDATE SET arrival_ms = greatest(t.arrival_ms, $2::float8) + $3::float8
  WHERE greatest(t.arrival_ms, $2::float8) + $3::float8 - $4::float8 <= $2::float8
  RETURNING arrival_ms`;

const REFUND = 'UPDATE throttles SET arrival_ms = arrival_ms - $2::float8 WHERE key = $1';
const ARRIVAL = 'SELECT arrival_ms FROM throttles WHERE key = $1';

/** Counts attempts in the database: over all processes together, and exactly also when they come at once. */
export class Throttles {
  readonly #database: Postgres;
  readonly #clock: Clock;

  constructor(database: Postgres, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * Counts one attempt, before it is made: sixty-four at once must not all pass.
   * @throws AppError 429
   */
  async charge(name: RateName, subject: string): Promise<void> {
    const { burst, intervalSeconds } = RATES[name];
    const [intervalMs, key, now] = [intervalSeconds * 1_000, keyOf(name, subject), this.#clock.now()];
    const charged = await this.#database.rows({}, CHARGE, [key, now, intervalMs, intervalMs * burst]);
    if (charged.length > 0) return;
    const [row] = await this.#database.rows<{ arrival_ms: number }>({ readOnly: true }, ARRIVAL, [key]);
    const waitMs = (row?.arrival_ms ?? now) + intervalMs - intervalMs * burst - now;
    throw new AppError('AUTH_TOO_MANY_ATTEMPTS', {
      status: 429,
      detail: 'too many attempts: wait before the next one',
      retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
    });
  }

  /** Takes an attempt back that was none: it succeeded. */
  async refund(name: RateName, subject: string): Promise<void> {
    await this.#database.rows({}, REFUND, [keyOf(name, subject), RATES[name].intervalSeconds * 1_000]);
  }
}

/** Hashed: the table holds no addresses. */
function keyOf(name: RateName, subject: string): Buffer {
  return createHash('sha256').update(`${name}\n${subject}`).digest();
}
