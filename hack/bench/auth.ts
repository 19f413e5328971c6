import { KeyObject, argon2, randomBytes, randomUUID, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { mintAccessToken, systemClock, verifyAccessToken } from '@genai-platform/common';
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import { createAuthDatabase } from '../../services/auth/test/harness/auth-database.ts';
import { startAuth } from '../../services/auth/test/harness/start-auth.ts';
import type { TestAuth } from '../../services/auth/test/harness/start-auth.ts';
import { runClosedLoop } from './closed-loop.ts';
import { significant } from './figure.ts';
import type { Figure } from './figure.ts';

const ACCOUNTS = 40;
const ROUNDS = 3;
const PARALLEL = 4;
const TOKENS = 5_000;
const PASSWORD = 'violet-kettle-under-9-moons';
/** OWASP's smallest cost of argon2id, which auth has. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };

const derive = promisify(argon2);

/**
 * What signing in takes from request to reply (argon2id, database and audit log included) beside the comparison of one
 * password; by how much an unknown name is told from a wrong password by time; and what an access token costs its
 * verifier beside the bare signature.
 */
export async function measureAuth(): Promise<Figure[]> {
  const database = await createAuthDatabase();
  const auth = await startAuth(database, { clock: systemClock });
  try {
    const emails = Array.from({ length: ACCOUNTS }, (_, index) => `user-${String(index)}@example.com`);
    for (const email of emails) await auth.signUp(email, PASSWORD);
    return [...(await signingIn(auth, emails)), await unknownUser(auth, emails), await verifying()];
  } finally {
    await auth.close();
    await database.close();
  }
}

async function signingIn(auth: TestAuth, emails: readonly string[]): Promise<Figure[]> {
  const login = async (email: string): Promise<void> => void (await auth.signIn(email, PASSWORD));
  const rounds = Array.from({ length: ROUNDS }, () => emails).flat();
  const alone = await runClosedLoop(rounds, 1, login);
  const together = await runClosedLoop(rounds, PARALLEL, login);
  const given = { ...COST, message: PASSWORD, nonce: randomBytes(16) };
  const bare = await runClosedLoop(rounds, 1, async () => void (await derive('argon2id', given)));
  const yardstick = `one argon2id of the same cost: p95 ${String(significant(bare.p95Ms))} ms`;
  const figure = (name: string, value: number): Figure => ({
    name,
    value: significant(value),
    unit: 'ms',
    yardstick,
    ratio: significant(value / bare.p95Ms),
  });
  return [figure('auth.login_p95_ms', alone.p95Ms), figure(`auth.login_p95_ms.parallel_${String(PARALLEL)}`, together.p95Ms)]; // prettier-ignore
}

/** In turns, so that what else the machine does meets both. */
async function unknownUser(auth: TestAuth, emails: readonly string[]): Promise<Figure> {
  const refused = async (email: string): Promise<void> => {
    const { status } = await auth.ask('/v1/auth/login', { email, password: 'not-the-password-at-all' });
    if (status !== 401) throw new Error(`${email}: ${String(status)}`);
  };
  const medians = { known: [] as number[], unknown: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    medians.known.push((await runClosedLoop(emails, 1, refused)).p50Ms);
    medians.unknown.push((await runClosedLoop(emails.map(() => `${randomUUID()}@example.com`), 1, refused)).p50Ms); // prettier-ignore
  }
  const [known, unknown] = [Math.min(...medians.known), Math.min(...medians.unknown)];
  return {
    name: 'auth.unknown_user_difference',
    value: significant(Math.abs(unknown - known) / known),
    unit: 'share of the time',
    yardstick: `a wrong password: p50 ${String(significant(known))} ms`,
    ratio: significant(unknown / known),
  };
}

async function verifying(): Promise<Figure> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const grant = {
    subject: randomUUID(),
    tenant: 'default',
    scopes: ['search:read', 'convert:read'],
    session: randomUUID(),
  };
  const token = await mintAccessToken({ kid: 'k1', privateKey }, grant, { lifetimeSeconds: 600 });
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'EdDSA' }] });
  const [head = '', claims = ''] = token.split('.');
  const signed = Buffer.from(`${head}.${claims}`);
  const signature = sign(null, signed, KeyObject.from(privateKey));
  const bareKey = KeyObject.from(publicKey);
  const micros = await microsOfEach(() => verifyAccessToken(token, keys));
  const bare = await microsOfEach(() => Promise.resolve(verify(null, signed, bareKey, signature)));
  return {
    name: 'auth.verify_us',
    value: significant(micros),
    unit: 'us',
    yardstick: `the bare signature: ${String(significant(bare))} us`,
    ratio: significant(micros / bare),
  };
}

/** Of the best round. */
async function microsOfEach(work: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const started = performance.now();
    for (let index = 0; index < TOKENS; index += 1) await work();
    best = Math.min(best, ((performance.now() - started) * 1_000) / TOKENS);
  }
  return best;
}
