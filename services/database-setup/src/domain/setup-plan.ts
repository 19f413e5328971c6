import { z } from 'zod';

/** An unquoted PostgreSQL identifier: lower case, at most 63 bytes (NAMEDATALEN - 1). */
const Identifier = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be a lower-case PostgreSQL identifier of at most 63 characters');

const SchemaPlan = z.strictObject({
  /** The schema that one service owns. */
  name: Identifier,
  /** The NOLOGIN role that owns the schema and everything in it. */
  owner: Identifier,
  /** The role that the service logs in with, named by generation (`search_g1`), a member of the owner. */
  login: Identifier,
  /** The login of the next generation, while one takes over from the other: both are valid. */
  next: Identifier.optional(),
  /** The login of a generation before, which nobody uses any more. */
  retire: Identifier.optional(),
});

/** What the database must hold before any service migrates it; written by the operator, read from DATABASE_SETUP_FILE. */
export const SetupPlan = z.strictObject({
  extensions: z.array(Identifier),
  schemas: z.array(SchemaPlan),
});

export type SetupPlan = z.infer<typeof SetupPlan>;
export type SchemaPlan = z.infer<typeof SchemaPlan>;

/**
 * Reads a plan from JSON text.
 * @throws Error naming the JSON pointer of each value that is wrong.
 */
export function parseSetupPlan(text: string): SetupPlan {
  const result = SetupPlan.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`);
  throw new Error(`the setup file is not valid: ${problems.join('; ')}`);
}
