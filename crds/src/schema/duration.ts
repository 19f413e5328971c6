import type { z } from 'zod';
import { withRules } from './rule.ts';
import { text } from './text.ts';

/** Bounds of a duration, as Go writes it: `30s`, `24h`. */
export interface DurationBounds {
  readonly min: string;
  readonly max: string;
}

const secondsOf: Readonly<Record<string, number>> = { h: 3_600, m: 60, s: 1 };

/** A length of time as Kubernetes writes it: `90s`, `10m`, `1h30m`. */
export function duration({ min, max }: DurationBounds): z.ZodString {
  const shape = text({
    max: 16,
    pattern: /^([0-9]+[hms]){1,3}$/,
    message: 'must be a duration in hours, minutes and seconds, for example 10m or 1h30m',
  });
  // What is no duration has been told so by the rule before.
  const isDuration = "self.matches(r'^([0-9]+[hms]){1,3}$')";
  return withRules(shape, {
    rule: `!${isDuration} || (duration(self) >= duration('${min}') && duration(self) <= duration('${max}'))`,
    message: `must be from ${min} to ${max}`,
  });
}

/** Seconds of a duration that the schema has accepted. */
export function durationSeconds(text: string): number {
  return [...text.matchAll(/([0-9]+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (secondsOf[unit ?? ''] ?? 0),
    0,
  );
}
