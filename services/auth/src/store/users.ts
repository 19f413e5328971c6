import type { Transaction } from '@genai-platform/common';
import type { Role } from '../domain/roles.ts';

/** A row of `users`. */
export interface User {
  readonly id: string;
  readonly tenant: string;
  readonly email: string | null;
  readonly email_key: string | null;
  readonly username: string | null;
  readonly name: string | null;
  readonly role: Role;
  readonly password_hash: string | null;
  readonly email_verified_at: Date | null;
  readonly disabled_at: Date | null;
  readonly totp_secret: Buffer | null;
  readonly totp_pending: Buffer | null;
  readonly beta_token_id: string | null;
  readonly created_at: Date;
}

export interface NewUser {
  readonly id: string;
  readonly tenant: string;
  readonly email?: string | undefined;
  readonly emailKey?: string | undefined;
  readonly name?: string | undefined;
  readonly role: Role;
  readonly passwordHash?: string | undefined;
  readonly emailVerified?: boolean;
  readonly betaTokenId?: string | undefined;
}

const INSERT = `
  INSERT INTO users (id, tenant, email, email_key, name, role, password_hash, beta_token_id, email_verified_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $9::boolean THEN now() END)
  ON CONFLICT (email_key) DO NOTHING RETURNING *`;

/** Undefined where there is a user with this address already. */
export async function insertUser(tx: Transaction, user: NewUser): Promise<User | undefined> {
  const { id, tenant, email, emailKey, name, role, passwordHash, betaTokenId, emailVerified = false } = user;
  const values = [id, tenant, email, emailKey, name, role, passwordHash, betaTokenId, emailVerified];
  return await tx.row<User>(
    INSERT,
    values.map((value) => value ?? null),
  );
}

export function findUser(tx: Transaction, id: string): Promise<User | undefined> {
  return tx.row<User>('SELECT * FROM users WHERE id = $1', [id]);
}

/** Locked until the transaction ends: what is decided by the row stays true. */
export function lockUser(tx: Transaction, id: string): Promise<User | undefined> {
  return tx.row<User>('SELECT * FROM users WHERE id = $1 FOR UPDATE', [id]);
}

/** By address, or by the name of a user that has none. */
export function findUserByLogin(tx: Transaction, login: string): Promise<User | undefined> {
  return tx.row<User>('SELECT * FROM users WHERE email_key = $1 OR username = $1', [login]);
}

/** The first administrator; its password stays in its Secret. */
export async function ensureBootstrapAdmin(tx: Transaction, id: string, tenant: string): Promise<void> {
  const sql = `INSERT INTO users (id, tenant, username, name, role, email_verified_at)
    VALUES ($1, $2, $1, 'Bootstrap administrator', 'admin', now()) ON CONFLICT DO NOTHING`;
  await tx.query(sql, [id, tenant]);
}

export async function setPassword(tx: Transaction, id: string, hash: string): Promise<void> {
  await tx.query('UPDATE users SET password_hash = $2, updated_at = now() WHERE id = $1', [id, hash]);
}

export async function setEmailVerified(tx: Transaction, id: string): Promise<void> {
  const sql =
    'UPDATE users SET email_verified_at = coalesce(email_verified_at, now()), updated_at = now() WHERE id = $1';
  await tx.query(sql, [id]);
}
