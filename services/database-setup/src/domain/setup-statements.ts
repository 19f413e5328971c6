import type { SchemaPlan } from './setup-plan.ts';

/** The part of `pg` that quotes; passed in, since domain code knows no driver. */
export interface Quoting {
  readonly identifier: (name: string) => string;
  readonly literal: (text: string) => string;
}

/** Roles that exist already; creating a role has no IF NOT EXISTS. */
export type ExistingRoles = ReadonlySet<string>;

/**
 * The statements that give one service its schema, its owner and its login. Idempotent, and safe for an administrator
 * who is no superuser (RDS): before PostgreSQL lets anyone create a schema for a role, they must be its member.
 */
export function schemaStatements(plan: SchemaPlan, verifier: string, roles: ExistingRoles, quote: Quoting): string[] {
  const [schema, owner, login] = [plan.name, plan.owner, plan.login].map(quote.identifier) as [string, string, string];
  return [
    ...(roles.has(plan.owner) ? [] : [`CREATE ROLE ${owner} NOLOGIN`]),
    `GRANT ${owner} TO CURRENT_USER`,
    `CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${owner}`,
    `${roles.has(plan.login) ? 'ALTER' : 'CREATE'} ROLE ${login} LOGIN INHERIT PASSWORD ${quote.literal(verifier)}`,
    `GRANT ${owner} TO ${login}`,
    // Kept with the role, not the session, so that it holds behind a transaction pooler too.
    `ALTER ROLE ${login} SET search_path = ${schema}, public`,
  ];
}
