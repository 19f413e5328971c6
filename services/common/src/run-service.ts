import type { RequestListener } from 'node:http';
import type { z } from 'zod';
import { systemClock } from './clock.ts';
import { migrate } from './clients/migrations.ts';
import type { Migration } from './clients/migrations.ts';
import { ConfigError, parseConfig } from './config.ts';
import { DatabaseConfig } from './config-pieces.ts';
import type { ServiceConfig } from './config-pieces.ts';
import { tokenAuthenticator } from './http/authenticator.ts';
import { startServer } from './http/server.ts';
import type { RunningServer, UpgradeHandler } from './http/server.ts';
import type { TlsFiles } from './http/tls-files.ts';
import { Lifecycle } from './lifecycle.ts';
import { createLogger } from './logger.ts';
import type { Logger } from './logger.ts';
import { Metrics } from './metrics.ts';
import type { ServiceContext } from './service-context.ts';
import { stopOnSignal } from './stop.ts';
import { startTracing } from './tracing.ts';

export interface ServiceDefinition<C extends ServiceConfig, D> {
  readonly name: string;
  /** The schema of the environment: `ServiceConfig` extended by what the service needs. */
  readonly config: z.ZodType<C>;
  /** Opens what the service needs; what has to be closed again goes to `context.lifecycle.onClose`. */
  readonly createDeps: (config: C, context: ServiceContext) => D | Promise<D>;
  readonly createApp: (deps: D) => RequestListener;
  /** Takes WebSockets. */
  readonly upgrade?: (deps: D) => UpgradeHandler;
  /** The certificate of a service that speaks TLS itself. */
  readonly tls?: (config: C) => TlsFiles | undefined;
  /** The folder of `NNNN-name.sql` files, for a service with a database. */
  readonly migrations?: URL;
  /** Migrations of the kit's own tables that the service uses, such as `idempotencyTables`. */
  readonly tables?: readonly Migration[];
  /** Loads or warms up what the first request would wait for; the service listens afterwards. */
  readonly warmUp?: (deps: D) => Promise<void>;
}

/**
 * The life of a service's process: `main.js [serve|migrate]`. Serves until SIGTERM or SIGINT, then drains; or applies
 * the migrations and ends. The exit status is 1 when it could not start, and the log says why.
 */
export async function runService<C extends ServiceConfig, D>(definition: ServiceDefinition<C, D>): Promise<void> {
  const early = createLogger({ service: definition.name });
  try {
    const config = parseConfig(definition.config) as C;
    const command = process.argv[2] ?? 'serve';
    if (command === 'migrate') return await runMigrations(definition, config);
    if (command === 'serve') return await serve(definition, config);
    throw new Error('the command has to be serve or migrate');
  } catch (error) {
    if (error instanceof ConfigError) early.fatal({ problems: error.problems }, 'the configuration is invalid');
    else early.fatal({ error }, 'the process could not start');
    process.exitCode = 1;
    // Half-opened parts (pools, timers) must not keep a process that cannot serve.
    setTimeout(() => process.exit(), 500).unref();
  }
}

async function serve<C extends ServiceConfig, D>(definition: ServiceDefinition<C, D>, config: C): Promise<void> {
  const context = createContext(definition.name, config);
  const { log, lifecycle } = context;
  crashLoudly(log);
  const tracing = await startTracing({
    service: context.name,
    version: context.version,
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    log,
  });
  lifecycle.onClose('tracing', () => tracing.stop());
  const deps = await definition.createDeps(config, context);
  await definition.warmUp?.(deps);
  const server = await startServer(definition.createApp(deps), {
    host: config.HTTP_HOST,
    port: config.HTTP_PORT,
    lifecycle,
    upgrade: definition.upgrade?.(deps),
    tls: definition.tls?.(config),
  });
  stopOnSignal({ context, config, server });
  reportStart(context, server);
}

/** What every service is made of, from its configuration. */
function createContext(name: string, config: ServiceConfig): ServiceContext {
  const version = config.SERVICE_VERSION;
  const log = createLogger({ service: name, version, level: config.LOG_LEVEL, pii: config.LOG_PII });
  return {
    name,
    version,
    log,
    metrics: new Metrics(name).collectProcess(),
    clock: systemClock,
    lifecycle: new Lifecycle(log),
    authenticate: tokenAuthenticator({ keyFile: config.IDENTITY_KEY_FILE, audience: name }),
  };
}

function reportStart({ metrics, log }: ServiceContext, { port }: RunningServer): void {
  const seconds = process.uptime();
  metrics.gauge({ name: 'startup_duration_seconds', help: 'Time from process start to listening' }).set(seconds);
  log.info({ port, startup_ms: Math.round(seconds * 1_000) }, 'listening');
}

/** A bug that nobody caught leaves the process in an unknown state: it ends, and is started anew. */
function crashLoudly(log: Logger): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ error }, 'uncaught exception');
    process.exit(1);
  });
}

async function runMigrations<C extends ServiceConfig, D>(
  definition: ServiceDefinition<C, D>,
  config: C,
): Promise<void> {
  const log = createLogger({ service: definition.name, version: config.SERVICE_VERSION, level: config.LOG_LEVEL });
  const { migrations: folder, tables: included = [] } = definition;
  if (folder === undefined && included.length === 0) log.info('there is nothing to migrate');
  else await migrate({ config: parseConfig(DatabaseConfig), folder, included, log });
}
