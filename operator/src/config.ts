import { hostname } from 'node:os';
import { ConfigError, parseConfig } from '@genai-platform/common/core';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const seconds = z.coerce.number().int().min(1).max(3_600);
const namespaces = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ) // prettier-ignore
  .refine((names) => names.every((name) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)), {
    message: 'must be names of namespaces, separated by commas',
  });

/** One key per environment variable; the chart's `templates/_env.tpl` sets them. */
const Environment = z.object({
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Separated by commas. Unset: every namespace. */
  WATCH_NAMESPACES: namespaces.default([]),
  /** Serves /livez, /readyz and /metrics. */
  HEALTH_PORT: port.default(8080),
  /** Registry of the platform's images where a GenAIPlatform names none. */
  DEFAULT_IMAGE_REGISTRY: z.string().min(1).default('ghcr.io/genai-platform'),
  /** Version of the platform's images where a GenAIPlatform names none; the release of this operator. */
  PLATFORM_VERSION: z.string().min(1),
  POD_NAME: z.string().min(1).default(hostname()),
  POD_NAMESPACE: z.string().min(1).default('default'),
  LEADER_ELECTION_ENABLED: z.stringbool().default(true),
  LEADER_ELECTION_LEASE_NAME: z.string().min(1).default('genai-operator'),
  LEADER_ELECTION_LEASE_DURATION_SECONDS: seconds.default(15),
  LEADER_ELECTION_RENEW_DEADLINE_SECONDS: seconds.default(10),
  LEADER_ELECTION_RETRY_PERIOD_SECONDS: seconds.default(2),
  /** How long reconciles under way may go on after SIGTERM. */
  SHUTDOWN_GRACE_SECONDS: seconds.default(30),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** Only outside a cluster: the file that says where the API server is. */
  KUBECONFIG: z.string().min(1).optional(),
  /** Set in every pod by the kubelet. */
  KUBERNETES_SERVICE_HOST: z.string().min(1).default('kubernetes.default.svc'),
  KUBERNETES_SERVICE_PORT: port.default(443),
});

/** Everything that may differ between two installations of the operator. */
export interface Config {
  readonly logLevel: string;
  /** Empty: every namespace. */
  readonly watchNamespaces: readonly string[];
  readonly healthPort: number;
  readonly defaultImageRegistry: string;
  readonly platformVersion: string;
  readonly podName: string;
  readonly podNamespace: string;
  /** Absent where this is the only replica. */
  readonly leaderElection?: {
    readonly name: string;
    readonly durationSeconds: number;
    readonly renewDeadlineSeconds: number;
    readonly retrySeconds: number;
  };
  readonly drainMs: number;
  readonly otlpEndpoint?: string;
  readonly kubeconfig?: string;
  /** Where the API server is; not used with `kubeconfig`. */
  readonly apiServer: { readonly host: string; readonly port: number };
}

/**
 * Reads the configuration from the environment.
 * @throws ConfigError that names every missing or wrong variable.
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const env = parseConfig(Environment, environment);
  checkOrder(env);
  return Object.freeze({
    logLevel: env.LOG_LEVEL,
    watchNamespaces: env.WATCH_NAMESPACES,
    healthPort: env.HEALTH_PORT,
    defaultImageRegistry: env.DEFAULT_IMAGE_REGISTRY,
    platformVersion: env.PLATFORM_VERSION,
    podName: env.POD_NAME,
    podNamespace: env.POD_NAMESPACE,
    ...(env.LEADER_ELECTION_ENABLED && {
      leaderElection: Object.freeze({
        name: env.LEADER_ELECTION_LEASE_NAME,
        durationSeconds: env.LEADER_ELECTION_LEASE_DURATION_SECONDS,
        renewDeadlineSeconds: env.LEADER_ELECTION_RENEW_DEADLINE_SECONDS,
        retrySeconds: env.LEADER_ELECTION_RETRY_PERIOD_SECONDS,
      }),
    }),
    drainMs: env.SHUTDOWN_GRACE_SECONDS * 1_000,
    ...(env.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined && { otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT }),
    apiServer: Object.freeze({ host: env.KUBERNETES_SERVICE_HOST, port: env.KUBERNETES_SERVICE_PORT }),
    ...(env.KUBECONFIG !== undefined && { kubeconfig: env.KUBECONFIG }),
  });
}

/** A holder must stop writing before another may take over, and have tried to renew before it stops. */
function checkOrder(env: z.output<typeof Environment>): void {
  const retry = env.LEADER_ELECTION_RETRY_PERIOD_SECONDS;
  const deadline = env.LEADER_ELECTION_RENEW_DEADLINE_SECONDS;
  const lease = env.LEADER_ELECTION_LEASE_DURATION_SECONDS;
  const problems = [
    ...(deadline < lease ? [] : [{ variable: 'LEADER_ELECTION_RENEW_DEADLINE_SECONDS', reason: `must be shorter than the lease of ${lease} s` }]), // prettier-ignore
    ...(retry < deadline ? [] : [{ variable: 'LEADER_ELECTION_RETRY_PERIOD_SECONDS', reason: `must be shorter than the renew deadline of ${deadline} s` }]), // prettier-ignore
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}
