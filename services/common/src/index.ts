export { ConfigError, parseConfig } from './config.ts';
export {
  DatabaseConfig,
  HttpConfig,
  IdentityConfig,
  ProcessConfig,
  RedisConfig,
  ServiceConfig,
  ShutdownConfig,
} from './config-pieces.ts';
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
export { mintAccessToken, verifyAccessToken } from './access-token.ts';
export type { AccessGrant, AccessTokenKeys, BetaGrant, VerifiedAccess } from './access-token.ts';

export { createService } from './service.ts';
export type { ServiceOptions } from './service.ts';
export { runService } from './run-service.ts';
export type { ServiceDefinition } from './run-service.ts';
export { Lifecycle } from './lifecycle.ts';
export { livez, readyz } from './health.ts';
export type { ReadyCheck } from './health.ts';
export { sendError } from './problem.ts';
export { renderError, toAppError } from './http/error-reply.ts';
export { describeApi } from './openapi.ts';
export type { ApiDescription, OpenApiDocument } from './openapi.ts';

export { del, get, patch, post, put, routes } from './http/route.ts';
export type { Handler, Method, Route, RouteRequest, RouteResult, RouteSpec } from './http/route.ts';
export { answered, empty, events, reply, stream } from './http/reply.ts';
export { EVENT_STREAM_HEADERS } from './http/event-stream.ts';
export type { ReplyOptions, StreamSource } from './http/reply.ts';
export { requireScopes, tokenAuthenticator, unauthenticated } from './http/authenticator.ts';
export type { Authenticator, TokenAuthenticatorOptions } from './http/authenticator.ts';
export { exchangeOf } from './http/exchange.ts';
export type { ErrorFormat, Exchange } from './http/exchange.ts';
export { Multipart } from './http/multipart.ts';
export type { BufferedFile, FieldPart, FilePart, MultipartOptions } from './http/multipart.ts';
export { RawBody } from './http/raw-body.ts';
export { matchesType, parseContentType, unsupportedMediaType } from './http/content-type.ts';
export type { ContentType } from './http/content-type.ts';
export { startServer } from './http/server.ts';
export type { RunningServer, ServerOptions, UpgradeHandler } from './http/server.ts';
export type { TlsFiles } from './http/tls-files.ts';
export { outgoingHeaders, outgoingTraceHeaders } from './http/trace-context.ts';
export { fieldErrors, validate } from './http/validate.ts';

export { Postgres } from './clients/postgres.ts';
export type { PostgresOptions } from './clients/postgres.ts';
export type { Transaction, TransactionOptions } from './clients/transaction.ts';
export { migrate, readMigrations } from './clients/migrations.ts';
export type { MigrateOptions, Migration } from './clients/migrations.ts';
export { connectRedis } from './clients/redis.ts';
export type { RedisOptions } from './clients/redis.ts';
export { readCredentials } from './clients/credentials.ts';
export type { Credentials } from './clients/credentials.ts';

export { PostgresIdempotencyStore, idempotencyTables } from './clients/idempotency-store.ts';
export type { IdempotencyStoreOptions } from './clients/idempotency-store.ts';
export type { Claim, IdempotencyScope, IdempotencyStore, StoredReply } from './http/idempotency.ts';
export { etagOf, requireMatch, unmodified } from './http/etag.ts';
export { PageQuery, pageClause, pageOf, pageReply } from './http/pagination.ts';
export type { Page, PageClause, PageShape } from './http/pagination.ts';
export { rateLimitHeaders, rateLimited } from './http/rate-limit.ts';
export type { RateLimitState } from './http/rate-limit.ts';
export { parsePrefer } from './http/prefer.ts';
export type { Preference } from './http/prefer.ts';
export { newId } from './id.ts';
export { EventLog } from './http/event-log.ts';
export { formatEvent } from './http/server-sent-event.ts';
export type { EventSource, EventStreamOptions, ServerSentEvent } from './http/server-sent-event.ts';
export { erasureRoutes, ERASURE_PATH } from './erasure.ts';
export type { ErasedUser, Eraser } from './erasure.ts';
export { eraseIdempotencyKeys } from './clients/idempotency-store.ts';
export { eraseJobs } from './jobs/erase-jobs.ts';
export { contextOf } from './service-context.ts';
export type { ServiceContext } from './service-context.ts';

export { HttpClient } from './clients/http-client.ts';
export type { HttpCall, HttpClientOptions } from './clients/http-client.ts';
export { HttpReply } from './clients/http-reply.ts';
export { IdentitySigner } from './clients/identity-signer.ts';
export { ServiceClient } from './clients/service-client.ts';
export type { ServiceCaller, ServiceClientOptions } from './clients/service-client.ts';
export { SsrfGuard } from './clients/ssrf-guard.ts';
export type { PublicReply, PublicRequest, SsrfGuardOptions } from './clients/ssrf-guard.ts';
export { isPublicAddress } from './clients/public-address.ts';

export { Jobs } from './jobs/jobs.ts';
export type { JobsOptions } from './jobs/jobs.ts';
export { Job, JobOutput, jobKind } from './jobs/job.ts';
export type { JobKind, JobProblem, JobRun, JobStatus, NewJob } from './jobs/job.ts';
export type { JobScopes } from './jobs/job-routes.ts';
export type { JobLimits } from './jobs/job-store.ts';
export { jobResponse } from './jobs/job-response.ts';
export type { JobResponseOptions } from './jobs/job-response.ts';
export { jobTables } from './jobs/job-tables.ts';
export { WebhookTarget, signWebhook, verifyWebhook } from './jobs/webhook.ts';
