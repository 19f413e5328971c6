import type { ServiceName, WorkloadSize } from '@genai-platform/crds';
import type { Verification } from './verification.ts';
import { chatVerification } from './llm/verification.ts';

/** What is to be known of a workload beside its image. */
export interface CatalogueEntry {
  /** Name in Kubernetes, in images and in `SERVICE_NAME`. */
  readonly name: string;
  /** Where its settings are: `spec.gateway`, `spec.auth` or `spec.services.<setting>`. */
  readonly setting: ServiceName | 'auth' | 'gateway';
  readonly port: number;
  /** Paths that it owns, on its own port and at the gateway. */
  readonly prefixes: readonly string[];
  readonly needs: readonly ('postgres' | 'redis')[];
  /** Patterns of the keys that it uses in the cache; all others are closed to it. */
  readonly cacheKeys?: readonly string[];
  /** Extensions of PostgreSQL that its migrations use. */
  readonly extensions?: readonly string[];
  /** Names of the workloads that it calls; `*` means all others. With `needs` this is the whole call graph. */
  readonly calls: readonly string[] | '*';
  /**
   * Whether it asks all others that have a database when somebody is erased. It needs none of them to start, so that this
   * puts it into no order.
   */
  readonly erasesEverywhere?: boolean;
  /** Paths that are asked without a credential, at the gateway too. */
  readonly publicPaths?: readonly string[];
  /** Scopes that every member of the platform has; what else there is, is for administrators. */
  readonly memberScopes: readonly string[];
  readonly size: WorkloadSize;
  /** Longest time from the start of the container to its first answer, in seconds. */
  readonly startupSeconds: number;
  readonly verification: Verification;
  /** What the operator's credential must allow for the verification request. */
  readonly scopes: readonly string[];
}

const formatConversion: CatalogueEntry = {
  name: 'format-conversion',
  setting: 'formatConversion',
  port: 8001,
  prefixes: ['/v1/convert'],
  needs: ['postgres'],
  calls: [],
  memberScopes: ['convert:read', 'convert:write'],
  // One conversion may hold 512 MiB, and there is one at a time per core.
  size: 'large',
  startupSeconds: 60,
  verification: {
    method: 'POST',
    path: '/v1/convert',
    headers: { 'content-type': 'application/json' },
    body: '{"text":"# Ready","from":"md","to":"html"}',
    expect: { status: 200, bodyIncludes: '<h1>' },
  },
  scopes: ['convert:write'],
};

const search: CatalogueEntry = {
  name: 'search',
  setting: 'search',
  port: 8004,
  prefixes: ['/v1/search'],
  needs: ['postgres'],
  extensions: ['vector'],
  calls: [],
  memberScopes: ['search:read', 'search:write'],
  size: 'medium',
  startupSeconds: 60,
  verification: { method: 'GET', path: '/v1/search/indexes?limit=1', expect: { status: 200 } },
  scopes: ['search:read'],
};

const llmRouter: CatalogueEntry = {
  name: 'llm-router',
  setting: 'llmRouter',
  port: 8010,
  prefixes: [
    '/v1/chat/completions',
    '/v1/completions',
    '/v1/responses',
    '/v1/messages',
    '/v1/embeddings',
    '/v1/rerank',
    '/v1/moderations',
    '/v1/models',
    '/v1/router',
    '/v1/budgets',
    '/v1/usage',
  ],
  needs: ['postgres', 'redis'],
  cacheKeys: ['llm:*'],
  extensions: ['vector'],
  calls: [],
  // The embedded models take 450 MiB, each in a process of its own.
  memberScopes: ['llm:chat', 'llm:embed', 'llm:read'],
  size: 'large',
  startupSeconds: 120,
  verification: chatVerification('smollm2-135m-instruct', { max_tokens: 1 }),
  scopes: ['llm:chat'],
};

const rag: CatalogueEntry = {
  name: 'rag',
  setting: 'rag',
  port: 8011,
  prefixes: ['/v1/rag', '/v1/files', '/v1/vector_stores'],
  needs: ['postgres'],
  extensions: ['vector'],
  calls: ['llm-router', 'format-conversion'],
  memberScopes: ['rag:read', 'rag:write'],
  // The words of the collections that are asked are in memory.
  size: 'large',
  startupSeconds: 60,
  verification: { method: 'GET', path: '/v1/rag/collections?limit=1', expect: { status: 200 } },
  scopes: ['rag:read'],
};

const auth: CatalogueEntry = {
  name: 'auth',
  setting: 'auth',
  port: 8015,
  prefixes: ['/v1/auth', '/v1/keys', '/api/auth', '/.well-known/jwks.json'],
  needs: ['postgres'],
  calls: [],
  erasesEverywhere: true,
  publicPaths: [
    ...[
      'register',
      'login',
      'refresh',
      'logout',
      'email/verify',
      'email/resend',
      'password/forgot',
      'password/reset',
    ].map((name) => `/v1/auth/${name}`),
    ...['register', 'login', 'refresh', 'logout', 'verify-email', 'resend-verification'].map(
      (name) => `/api/auth/${name}`,
    ),
    ...['forgot-password', 'reset-password'].map((name) => `/api/auth/${name}`),
    '/v1/auth/beta/validate',
    '/.well-known/jwks.json',
  ],
  memberScopes: [],
  // Passwords take 19 MiB each while they are compared, three at a time.
  size: 'small',
  startupSeconds: 60,
  verification: { method: 'GET', path: '/v1/auth/users?limit=1', expect: { status: 200 } },
  scopes: ['auth:admin'],
};

const gateway: CatalogueEntry = {
  name: 'gateway',
  setting: 'gateway',
  port: 8000,
  prefixes: ['/'],
  needs: ['redis'],
  cacheKeys: ['rate:*'],
  calls: '*',
  memberScopes: [],
  size: 'small',
  startupSeconds: 60,
  verification: { method: 'GET', path: '/v1/services', expect: { status: 200 } },
  scopes: [],
};

/** Every workload of a platform. Adding a service is its folder, its line in `crds/src/services.ts` and one here. */
export const catalogue: readonly CatalogueEntry[] = [gateway, auth, formatConversion, search, llmRouter, rag];
