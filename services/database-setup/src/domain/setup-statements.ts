import type { SchemaPlan } from './setup-plan.ts';

/** The part of `pg` that quotes; passed in, since domain code knows no driver. */
export interface Quoting {
  readonly identifier: (name: string) => string;
  readonly literal: (text: string) => string;
}

/** Roles that exist already; creating a role has no IF NOT EXISTS. */
export type ExistingRoles = ReadonlySet<string>;

/** Each login of a plan with its verifier. */
export type Verifiers = ReadonlyMap<string, string>;

/** The logins that are to be valid. */
export function loginsOf({ login, next }: SchemaPlan): string[] {
  return next === undefined ? [login] : [login, next];
}

/**
 * The statements that give one service its schema, its owner and its logins. Idempotent, and safe for an administrator
 * who is no superuser (RDS): before PostgreSQL lets anyone create a schema for a role, they must be its member.
 */
export function schemaStatements(
  plan: SchemaPlan,
  verifiers: Verifiers,
  roles: ExistingRoles,
  quote: Quoting,
): string[] {
  const [schema, owner] = [quote.identifier(plan.name), quote.identifier(plan.owner)];
  return [
    ...(roles.has(plan.owner) ? [] : [`CREATE ROLE ${owner} NOLOGIN`]),
    `GRANT ${owner} TO CURRENT_USER`,
    `CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${owner}`,
    ...loginsOf(plan).flatMap((name) => {
      const login = quote.identifier(name);
      const verb = roles.has(name) ? 'ALTER' : 'CREATE';
      return [
        `${verb} ROLE ${login} LOGIN INHERIT PASSWORD ${quote.literal(verifiers.get(name) ?? '')}`,
        `GRANT ${owner} TO ${login}`,
        // Kept with the role, not the session, so that it holds behind a transaction pooler too.
        `ALTER ROLE ${login} SET search_path = ${schema}, public`,
      ];
    }),
  ];
}

/** What takes a login away for good, once nothing is connected with it. What it owns becomes the owner's. */
export function removalStatements({ owner }: SchemaPlan, login: string, quote: Quoting): string[] {
  const [role, heir] = [quote.identifier(login), quote.identifier(owner)];
  return [
    `GRANT ${role} TO CURRENT_USER`,
    `REASSIGN OWNED BY ${role} TO ${heir}`,
    `DROP OWNED BY ${role}`,
    `DROP ROLE ${role}`,
  ];
}
