export { ConfigError, parseConfig } from './config.ts';
export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export { createLogger, silentLogger } from './logger.ts';
export type { Logger, LoggerOptions } from './logger.ts';
export { redactFields, redactText } from './redact.ts';
export { Metrics } from './metrics.ts';
export type { MetricOptions } from './metrics.ts';
export { ReservoirSampler } from './sampler.ts';
export { startTracing } from './tracing.ts';
export type { Tracing, TracingOptions } from './tracing.ts';
export { AppError } from './errors.ts';
export type { AppErrorOptions, FieldError } from './errors.ts';
export { mintIdentityToken, parseIdentityKeys, verifyIdentityToken } from './identity-token.ts';
export type { Identity, VerifiedToken } from './identity-token.ts';
export {
  DatabaseConfig,
  HttpConfig,
  IdentityConfig,
  ProcessConfig,
  RedisConfig,
  ServiceConfig,
  ShutdownConfig,
} from './config-pieces.ts';
