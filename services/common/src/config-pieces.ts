import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const seconds = z.coerce.number().min(0).max(3_600);
const tlsMode = z.enum(['verify-full', 'disable']);

/** What every process has: its name, its version, its log and its traces. */
export const ProcessConfig = z.object({
  SERVICE_NAME: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes'),
  SERVICE_VERSION: z.string().min(1).default('0.0.0'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Whether personal data (the `pii` field of a log line) is written out. */
  LOG_PII: z.stringbool().default(false),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
});
export type ProcessConfig = z.output<typeof ProcessConfig>;

export const HttpConfig = z.object({
  HTTP_HOST: z.string().min(1).default('0.0.0.0'),
  HTTP_PORT: port,
});
export type HttpConfig = z.output<typeof HttpConfig>;

export const ShutdownConfig = z.object({
  /** How long a stopping process keeps serving, until every proxy has seen that it is not ready. */
  SHUTDOWN_DRAIN_DELAY_SECONDS: seconds.default(5),
  /** When the process has ended at the latest, counted from SIGTERM. */
  SHUTDOWN_GRACE_SECONDS: seconds.default(30),
});
export type ShutdownConfig = z.output<typeof ShutdownConfig>;

export const IdentityConfig = z.object({
  IDENTITY_KEY_FILE: z.string().min(1),
});
export type IdentityConfig = z.output<typeof IdentityConfig>;

/** What every service has. A service adds its own: `ServiceConfig.extend({ ...DatabaseConfig.shape, SEARCH_X: … })`. */
export const ServiceConfig = z.object({
  ...ProcessConfig.shape,
  ...HttpConfig.shape,
  ...ShutdownConfig.shape,
  ...IdentityConfig.shape,
});
export type ServiceConfig = z.output<typeof ServiceConfig>;

export const DatabaseConfig = z.object({
  DATABASE_HOST: z.string().min(1),
  DATABASE_PORT: port.default(5432),
  DATABASE_NAME: z.string().min(1),
  /** The service's schema, which is also the name of the role that owns it. */
  DATABASE_SCHEMA: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be a plain lower-case identifier'),
  /** Holds the files `username` and `password`, read again for every new connection. */
  DATABASE_CREDENTIALS_DIR: z.string().min(1),
  DATABASE_TLS_MODE: tlsMode.default('verify-full'),
  DATABASE_TLS_CA_FILE: z.string().min(1).optional(),
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(500).default(10),
});
export type DatabaseConfig = z.output<typeof DatabaseConfig>;

export const RedisConfig = z.object({
  REDIS_HOST: z.string().min(1),
  REDIS_PORT: port.default(6379),
  /** Holds the files `username` and `password`, read again for every new connection. */
  REDIS_CREDENTIALS_DIR: z.string().min(1),
  REDIS_TLS_MODE: tlsMode.default('verify-full'),
  REDIS_TLS_CA_FILE: z.string().min(1).optional(),
});
export type RedisConfig = z.output<typeof RedisConfig>;
