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
    result.error.issues.map((issue) => {
      const variable = issue.path.map(String).join('.') || 'environment';
      return { variable, reason: present[variable] === undefined ? 'is not set' : `is wrong: ${issue.message}` };
    }),
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
