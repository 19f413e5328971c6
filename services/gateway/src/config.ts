import { z } from 'zod';
import { RedisConfig, ServiceConfig } from '@genai-platform/common';
import type { TlsFiles } from '@genai-platform/common';

const Route = z.strictObject({
  service: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be the name of a service'),
  prefixes: z.array(z.string().regex(/^\/[\w./-]*$/, 'must be a path that begins with a slash')).min(1),
  url: z.url({ protocol: /^http$/ }),
  /** Paths of the service that need no credential. */
  public: z.array(z.string().startsWith('/')).optional(),
});

/** One service behind the gateway: the paths that it owns, and where it is. */
export type ServiceRoute = z.output<typeof Route>;

const routes = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.array(Route));

const perSecond = z.coerce.number().min(0.1).max(1_000_000);
const burst = z.coerce.number().int().min(1).max(2_000_000);

/** The environment of the gateway. */
export const GatewayConfig = z
  .object({
    ...ServiceConfig.shape,
    ...RedisConfig.shape,
    /** JSON: which service owns which paths. */
    GATEWAY_ROUTES: routes,
    /** Where the auth service is; without it the bootstrap key is the only credential. */
    GATEWAY_AUTH_URL: z.url({ protocol: /^http$/ }).optional(),
    /** File with the bootstrap API key, which has every scope. */
    GATEWAY_BOOTSTRAP_KEY_FILE: z.string().min(1),
    /** Requests per second and at once of one API key. */
    GATEWAY_RATE_LIMIT_PER_SECOND: perSecond.default(1_000),
    GATEWAY_RATE_LIMIT_BURST: burst.default(2_000),
    /** The same of one address without a valid credential. */
    GATEWAY_ANONYMOUS_RATE_LIMIT_PER_SECOND: perSecond.default(20),
    GATEWAY_ANONYMOUS_RATE_LIMIT_BURST: burst.default(40),
    /** Comma-separated origins of web pages that may call; `*` for any. */
    GATEWAY_CORS_ORIGINS: z
      .string()
      .default('')
      .transform((text) => text.split(',').flatMap((origin) => origin.trim() || [])),
    /** How many proxies stand before the gateway and append to X-Forwarded-For. */
    GATEWAY_TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(8).default(0),
    /** Largest request body that is passed on. */
    GATEWAY_MAX_BODY_BYTES: z.coerce
      .number()
      .int()
      .min(1_024)
      .default(100 * 1_024 * 1_024),
    /** Longest silence of a service: before its reply begins, and between two pieces of it. */
    GATEWAY_UPSTREAM_TIMEOUT_SECONDS: z.coerce.number().min(1).max(3_600).default(120),
    /** Where both are given, the gateway speaks TLS itself. */
    GATEWAY_TLS_CERT_FILE: z.string().min(1).optional(),
    GATEWAY_TLS_KEY_FILE: z.string().min(1).optional(),
  })
  .refine((config) => (config.GATEWAY_TLS_CERT_FILE === undefined) === (config.GATEWAY_TLS_KEY_FILE === undefined), {
    path: ['GATEWAY_TLS_KEY_FILE'],
    message: 'needs GATEWAY_TLS_CERT_FILE, and the other way round',
  });
export type GatewayConfig = z.output<typeof GatewayConfig>;

/** The gateway's own certificate, if it has one. */
export function tlsFilesOf(config: GatewayConfig): TlsFiles | undefined {
  const { GATEWAY_TLS_CERT_FILE: certFile, GATEWAY_TLS_KEY_FILE: keyFile } = config;
  return certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile };
}
