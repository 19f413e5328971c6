import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { Logger } from './logger.ts';
import { ReservoirSampler } from './sampler.ts';

export interface TracingOptions {
  readonly service: string;
  readonly version: string;
  /** Base address of an OTLP/HTTP collector. Without it spans are neither recorded nor sent. */
  readonly endpoint?: string | undefined;
  readonly log: Logger;
}

export interface Tracing {
  /** Sends what is still kept, and stops. */
  stop(): Promise<void>;
}

/**
 * Starts tracing for the process. The trace context always travels (W3C `traceparent`); the SDK itself, 130 ms of
 * loading, starts only where there is somewhere to send spans to.
 */
export async function startTracing({ service, version, endpoint, log }: TracingOptions): Promise<Tracing> {
  carryTraceContext();
  if (endpoint === undefined) return { stop: async () => undefined };
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: 5_000 });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
    sampler: new ReservoirSampler(),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter, maxQueueSize: 2_048 })],
  });
  trace.setGlobalTracerProvider(provider);
  log.info({ endpoint }, 'tracing started');
  return {
    stop: async () => {
      await provider.shutdown().catch((error: unknown) => log.warn({ error }, 'spans were lost while stopping'));
      trace.disable();
    },
  };
}

let carried = false;

/** Makes the trace context follow what is asynchronous. May be called often. */
export function carryTraceContext(): void {
  if (carried) return;
  carried = true;
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}
