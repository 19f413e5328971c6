import {
  catalogue,
  objectsOf,
  render,
  selectorLabels,
  type CatalogueEntry,
  type PlatformInput,
} from '@genai-platform/cdk8s';
import fc from 'fast-check';
import { aPlatform, observedFor } from '../builders/platform.ts';
import { podMakers } from '../builders/pods.ts';
import { randomPlatform } from '../builders/random-platform.ts';
import type { Endpoint } from './policy-evaluator.ts';
import { isAllowed } from './policy-evaluator.ts';

const operator: Endpoint = {
  kind: 'pod',
  name: 'operator',
  namespace: 'genai-system',
  labels: { 'app.kubernetes.io/name': 'genai-operator' },
};
const pod = (name: string, namespace: string, labels: Record<string, string> = {}): Endpoint => ({
  kind: 'pod',
  name,
  namespace,
  labels,
});

/** Everyone who is no pod of the platform. */
function strangers({ metadata }: PlatformInput): Endpoint[] {
  return [
    operator,
    pod('beside the operator', 'genai-system'),
    pod('a stranger beside', metadata.namespace),
    pod('search of another platform', metadata.namespace, selectorLabels(`${metadata.name}2`, 'search')),
    pod('the same platform elsewhere', 'elsewhere', selectorLabels(metadata.name, 'gateway')),
    pod('a visitor', 'visitors'),
    { kind: 'outside', name: 'the internet', address: '203.0.113.7' },
    { kind: 'outside', name: 'a private network', address: '10.7.0.9' },
  ];
}

/** One pod per workload, database, cache and Job of a platform. */
function podsOf(platform: PlatformInput): Endpoint[] {
  const objects = objectsOf(render(platform, observedFor(platform)));
  return podMakers(objects).map(({ template }) =>
    pod(
      template.metadata.labels['genaiplatform.io/workload'] ?? '',
      platform.metadata.namespace,
      template.metadata.labels,
    ),
  );
}

const entryOf = (name: string) => catalogue.find((entry) => entry.name === name);

const mayCall = ({ calls, erasesEverywhere = false }: CatalogueEntry, to: string): boolean =>
  calls === '*' || calls.includes(to) || (erasesEverywhere && needs(to, 'postgres'));

/** The call graph again, as the catalogue says it: may this pod of the platform connect to that one? */
function isDeclared(from: string, to: string, port: number): boolean {
  if (to === 'postgres') return port === 5432 && usesDatabase(from);
  if (to === 'cache') return port === 6379 && needs(from, 'redis');
  const caller = entryOf(from);
  return caller !== undefined && port === entryOf(to)?.port && mayCall(caller, to);
}

const needs = (name: string, what: 'postgres' | 'redis'): boolean => entryOf(name)?.needs.includes(what) ?? false;
const usesDatabase = (name: string): boolean =>
  name === 'database-setup' || needs(name.replace(/-migrate$/, ''), 'postgres');

const ports = [...catalogue.map(({ port }) => port), 5432, 6379, 53, 443, 9999];

/** Every connection between two lists that is allowed, as text. */
function allowed(platform: PlatformInput, from: readonly Endpoint[], to: readonly Endpoint[]): string[] {
  const policies = objectsOf(render(platform, observedFor(platform))).filter(({ kind }) => kind === 'NetworkPolicy');
  return from.flatMap((source) =>
    to.flatMap((target) =>
      ports
        .filter((port) => source !== target && isAllowed(policies, { from: source, to: target, port }))
        .map((port) => `${source.name} → ${target.name}:${port}`),
    ),
  );
}

describe('inside any platform', () => {
  test('exactly the declared calls are allowed', () => {
    fc.assert(
      fc.property(randomPlatform, (platform) => {
        const pods = podsOf(platform);
        const declared = pods.flatMap(({ name: from }) =>
          pods.flatMap(({ name: to }) =>
            ports.filter((port) => from !== to && isDeclared(from, to, port)).map((port) => `${from} → ${to}:${port}`),
          ),
        );
        expect(allowed(platform, pods, pods).sort()).toEqual(declared.sort());
      }),
      { numRuns: 25 },
    );
  });
});

describe('into a platform', () => {
  const into = (platform: PlatformInput) => allowed(platform, strangers(platform), podsOf(platform));
  const fromOperator = [
    'operator → auth:8015',
    'operator → format-conversion:8001',
    'operator → search:8004',
    'operator → llm-router:8010',
    'operator → rag:8011',
  ];

  test('the operator may ask the workloads, and anyone the gateway', () => {
    const platform = aPlatform();
    const anyone = strangers(platform).map(({ name }) => `${name} → gateway:8000`);
    expect(into(platform).sort()).toEqual([...anyone, ...fromOperator].sort());
  });

  test('only the named namespaces reach the gateway', () => {
    const platform = aPlatform({ networkPolicy: { gatewayFrom: ['visitors'] } });
    expect(into(platform).sort()).toEqual(
      ['a visitor → gateway:8000', 'operator → gateway:8000', ...fromOperator].sort(),
    );
  });

  test('only the named namespaces read metrics', () => {
    const platform = aPlatform({ networkPolicy: { gatewayFrom: ['none'], metricsFrom: ['visitors'] } });
    expect(into(platform).filter((connection) => connection.startsWith('a visitor'))).toEqual([
      'a visitor → auth:8015',
      'a visitor → format-conversion:8001',
      'a visitor → search:8004',
      'a visitor → llm-router:8010',
      'a visitor → rag:8011',
      'a visitor → gateway:8000',
    ]);
  });
});

describe('out of a platform', () => {
  const outOf = (platform: PlatformInput) => allowed(platform, podsOf(platform), strangers(platform));
  const credentialsSecretRef = { name: 'admin' };

  test('nothing goes, by default', () => {
    expect(outOf(aPlatform())).toEqual([]);
  });

  test('an external database is reached in its networks only, by those that need it', () => {
    const external = { host: 'db.example.com', credentialsSecretRef, networks: ['10.7.0.0/16'] };
    expect(outOf(aPlatform({ database: { external } })).sort()).toEqual(
      [
        'auth',
        'auth-migrate',
        'database-setup',
        'format-conversion',
        'format-conversion-migrate',
        'llm-router',
        'llm-router-migrate',
        'rag',
        'rag-migrate',
        'search',
        'search-migrate',
      ].map((name) => `${name} → a private network:5432`),
    );
  });

  test('an external cache without networks is reached anywhere, at its port', () => {
    const external = { host: 'cache.example.com', port: 443, credentialsSecretRef };
    const connections = outOf(aPlatform({ cache: { external } }));
    expect(connections).toContain('gateway → the internet:443');
    expect(connections.filter((connection) => !/^(gateway|llm-router) → .*:443$/.test(connection))).toEqual([]);
  });

  test('mails go to the port of the mail server, from the auth service alone', () => {
    const platform = aPlatform({ auth: { smtp: { host: 'mail.example.com', from: 'a@example.com', port: 9999 } } });
    expect(new Set(outOf(platform).map((connection) => connection.split(' → ')[0]))).toEqual(new Set(['auth']));
    expect(outOf(platform)).toContain('auth → the internet:9999');
  });

  describe('to providers of language models', () => {
    const reached = (more: object): string[] => {
      const provider = { name: 'p', kind: 'OpenAICompatible' as const, ...more };
      return outOf(aPlatform({ llm: { providers: [provider] } }));
    };

    test('with a public address only the router goes, to the internet and to no pod or private network', () => {
      expect(reached({ kind: 'OpenAI', credentialsSecretRef: { name: 'openai' } })).toEqual([
        'llm-router → the internet:443',
      ]);
    });

    test.each([
      ['a Service of another namespace', { baseUrl: 'http://vllm.visitors.svc:9999/v1' }, 'a visitor:9999'],
      ['pods with another port', { baseUrl: 'http://vllm.visitors.svc/v1', podPort: 9999 }, 'a visitor:9999'],
      ['given networks', { baseUrl: 'https://llm.example', networks: ['10.7.0.0/16'] }, 'a private network:443'],
      ['an address', { baseUrl: 'https://10.7.0.9' }, 'a private network:443'],
    ])('%s are all that is reached', (_what, more, target) => {
      expect(reached(more)).toEqual([`llm-router → ${target}`]);
    });

    test('the role of a pod on EKS is asked for on its machine alone', () => {
      const platform = aPlatform({ llm: { providers: [{ name: 'aws', kind: 'Bedrock', region: 'eu-central-1' }] } });
      const policies = objectsOf(render(platform, observedFor(platform))).filter(
        ({ kind }) => kind === 'NetworkPolicy',
      );
      const agent: Endpoint = { kind: 'outside', name: 'Pod Identity', address: '169.254.170.23' };
      const metadata: Endpoint = { kind: 'outside', name: 'the machine’s metadata', address: '169.254.169.254' };
      const from = pod('llm-router', 'acme', selectorLabels('acme', 'llm-router'));
      const passes = (to: Endpoint): boolean => isAllowed(policies, { from, to, port: 80 });
      expect([passes(agent), passes(metadata)]).toEqual([true, false]);
    });

    test('any other address is reached wherever it is, at its port', () => {
      expect(reached({ baseUrl: 'https://llm.example:9999/v1' })).toContain('llm-router → a private network:9999');
    });
  });

  test('traces go to the port of the endpoint', () => {
    const platform = aPlatform({ observability: { otlpEndpoint: 'http://collector.monitoring:9999' } });
    expect(outOf(platform)).toContain('search → a visitor:9999');
    expect(outOf(platform).filter((connection) => !connection.endsWith(':9999'))).toEqual([]);
  });

  test('names are resolved by the cluster, by every pod', () => {
    const platform = aPlatform();
    const policies = objectsOf(render(platform, observedFor(platform))).filter(({ kind }) => kind === 'NetworkPolicy');
    const dns = pod('coredns', 'kube-system', { 'k8s-app': 'kube-dns' });
    const local: Endpoint = { kind: 'outside', name: 'NodeLocal DNSCache', address: '169.254.20.10' };
    for (const from of podsOf(platform)) {
      for (const to of [dns, local]) {
        for (const protocol of ['TCP', 'UDP'] as const) {
          expect(isAllowed(policies, { from, to, port: 53, protocol })).toBe(true);
        }
      }
    }
  });
});

describe('the evaluator notices', () => {
  const platform = aPlatform();
  const policies = objectsOf(render(platform, observedFor(platform))).filter(({ kind }) => kind === 'NetworkPolicy');
  const [search, database] = ['search', 'postgres'].map((name) => pod(name, 'acme', selectorLabels('acme', name)));
  const visit = { from: pod('a visitor', 'visitors'), to: database ?? operator, port: 5432 };
  const query = { from: search ?? operator, to: database ?? operator, port: 5432 };

  test('a platform without its policies', () => {
    expect(isAllowed(policies, visit)).toBe(false);
    expect(isAllowed([], visit)).toBe(true);
  });

  test('a policy that is missing at either end', () => {
    const without = (name: string) => policies.filter(({ metadata }) => metadata.name !== name);
    expect(isAllowed(policies, query)).toBe(true);
    expect(isAllowed(without('acme-search'), query)).toBe(false);
    expect(isAllowed(without('acme-postgres'), query)).toBe(false);
  });
});
