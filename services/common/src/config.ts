import type { z } from 'zod';

/** Says which variables are missing or wrong. Never carries a value: a password may be among them. */
export class ConfigError extends Error {
  readonly problems: readonly { variable: string; reason: string }[];

  constructor(problems: readonly { variable: string; reason: string }[]) {
    super(`the configuration is invalid: ${problems.map((p) => `${p.variable} ${p.reason}`).join('; ')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads the configuration of this process. Empty variables count as unset, as Kubernetes' optional values arrive so.
 *
 * @param schema one key per environment variable
 * @param env the environment; the process's own by default
 * @returns a deeply frozen object
 * @throws ConfigError with the name and the reason of every wrong variable
 */
export function parseConfig<S extends z.ZodType>(
  schema: S,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<z.output<S>> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(present);
  if (result.success) return deepFreeze(result.data);
  throw new ConfigError(
    result.error.issues.map(({ path: [variable = 'environment', ...inner], code, message }) => ({
      variable: String(variable),
      // A rule of the schema's own (`custom`) may blame a variable that is unset because of another one that is set.
      reason: !(variable in present) && code !== 'custom' ? 'is not set' : `is wrong: ${placeOf(inner)}${message}`,
    })),
  );
}

/** Where inside the value of a variable that holds a structure. */
function placeOf(inner: readonly PropertyKey[]): string {
  return inner.length === 0 ? '' : `${inner.map(String).join('.')}: `;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
