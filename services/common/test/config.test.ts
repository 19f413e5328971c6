import { z } from 'zod';
import { DatabaseConfig, ServiceConfig } from '../src/config-pieces.ts';
import { ConfigError, parseConfig } from '../src/config.ts';

const Schema = z.object({ ...ServiceConfig.shape, ...DatabaseConfig.shape });
const valid = {
  SERVICE_NAME: 'search',
  HTTP_PORT: '8004',
  IDENTITY_KEY_FILE: '/keys/key',
  DATABASE_HOST: 'acme-postgres',
  DATABASE_NAME: 'genai',
  DATABASE_SCHEMA: 'search',
  DATABASE_CREDENTIALS_DIR: '/credentials',
};

test('gives every piece its type and default', () => {
  const config = parseConfig(Schema, valid);
  expect(config).toMatchObject({
    HTTP_PORT: 8004,
    HTTP_HOST: '0.0.0.0',
    LOG_LEVEL: 'info',
    SHUTDOWN_DRAIN_DELAY_SECONDS: 5,
    SHUTDOWN_GRACE_SECONDS: 30,
    DATABASE_PORT: 5432,
    DATABASE_TLS_MODE: 'verify-full',
    DATABASE_POOL_MAX: 10,
  });
});

test('is frozen, inside too', () => {
  const config = parseConfig(z.object({ LIST: z.string().transform((text) => text.split(',')) }), { LIST: 'a,b' });
  expect(() => config.LIST.push('c')).toThrow(TypeError);
});

test('counts an empty variable as unset', () => {
  expect(parseConfig(Schema, { ...valid, DATABASE_TLS_CA_FILE: '', LOG_LEVEL: '' }).LOG_LEVEL).toBe('info');
  expect(() => parseConfig(Schema, { ...valid, DATABASE_HOST: '' })).toThrow('DATABASE_HOST is not set');
});

test('names every wrong variable with its reason, and never a value', () => {
  const env = { ...valid, HTTP_PORT: 'hunter2', DATABASE_TLS_MODE: 'hunter2', DATABASE_SCHEMA: 'hunter 2' };
  let error: unknown;
  try {
    parseConfig(Schema, { ...env, IDENTITY_KEY_FILE: undefined });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ConfigError);
  const { problems, message } = error as ConfigError;
  expect(problems.map((p) => p.variable).sort()).toEqual([
    'DATABASE_SCHEMA',
    'DATABASE_TLS_MODE',
    'HTTP_PORT',
    'IDENTITY_KEY_FILE',
  ]);
  expect(message).toContain('IDENTITY_KEY_FILE is not set');
  expect(message).not.toMatch(/hunter/);
});

test('says where inside a variable the mistake is, and what a rule over several variables says', () => {
  const Nested = z
    .object({
      ROUTES: z
        .string()
        .transform((text): unknown => JSON.parse(text))
        .pipe(z.array(z.object({ url: z.url() }))),
      CERT_FILE: z.string().optional(),
      KEY_FILE: z.string().optional(),
    })
    .refine(({ CERT_FILE, KEY_FILE }) => (CERT_FILE === undefined) === (KEY_FILE === undefined), {
      path: ['KEY_FILE'],
      message: 'needs CERT_FILE, and the other way round',
    });
  const problemsOf = (env: Record<string, string>): readonly object[] => {
    try {
      parseConfig(Nested, env);
      return [];
    } catch (error) {
      return (error as ConfigError).problems;
    }
  };
  expect(problemsOf({ ROUTES: '[{"url":"hunter2"}]' })).toEqual([
    { variable: 'ROUTES', reason: 'is wrong: 0.url: Invalid URL' },
  ]);
  expect(problemsOf({ ROUTES: '[]', CERT_FILE: '/cert' })).toEqual([
    { variable: 'KEY_FILE', reason: 'is wrong: needs CERT_FILE, and the other way round' },
  ]);
});

test('a rule over all variables that blames none is about the environment', () => {
  const Pair = z.object({ A: z.string().optional() }).refine(() => false, { message: 'never' });
  expect(() => parseConfig(Pair, { A: '1' })).toThrow('environment is wrong: never');
});
