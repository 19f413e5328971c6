/** What a user is: everything, a person who uses the services, or a program. */
export const ROLES = ['admin', 'member', 'service'] as const;
export type Role = (typeof ROLES)[number];

/** Stands for all scopes. */
export const ALL_SCOPES = '*';

/** What the account routes themselves ask for. */
export const MEMBER_AUTH_SCOPES: readonly string[] = ['keys:read', 'keys:write'];

/** The scopes of each role; members and services use what the services of the platform are for. */
export class RoleScopes {
  readonly #byRole: Readonly<Record<Role, readonly string[]>>;

  /** @param serviceScopes those of all services that are not for administrators alone */
  constructor(serviceScopes: readonly string[]) {
    const member = [...new Set([...MEMBER_AUTH_SCOPES, ...serviceScopes])].sort();
    this.#byRole = { admin: [ALL_SCOPES], member, service: [...new Set(serviceScopes)].sort() };
  }

  of(role: Role): readonly string[] {
    return this.#byRole[role];
  }

  /** What is left of `wanted` for a role: a key never allows more than its owner may do now. */
  within(role: Role, wanted: readonly string[]): readonly string[] {
    const allowed = this.of(role);
    if (allowed.includes(ALL_SCOPES)) return wanted;
    return wanted.includes(ALL_SCOPES) ? allowed : wanted.filter((scope) => allowed.includes(scope));
  }
}
