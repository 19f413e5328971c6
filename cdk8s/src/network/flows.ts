import type { CatalogueEntry } from '../catalogue.ts';
import type { Context } from '../context.ts';
import { providerFlows } from '../llm/provider-flows.ts';
import type { Flow, Party } from './flow.ts';
import type { Server } from '../settings/server.ts';

/** Submission with STARTTLS (RFC 6409). */
export const smtpPort = 587;

export const postgresWorkload = 'postgres';
export const cacheWorkload = 'cache';
export const databaseSetupWorkload = 'database-setup';
export const cacheLoginsWorkload = 'cache-logins';

/** What the pods of the migration Job of a service are labelled as. */
export function migrationWorkload(service: string): string {
  return `${service}-migrate`;
}

const anyone: Party = { kind: 'anyone' };
const party = (workload: string): Party => ({ kind: 'workload', workload });

/** Every connection that the platform needs: the declared call graph, with those who probe, scrape and enter. */
export function flowsOf(context: Context): Flow[] {
  return [
    ...callFlows(context),
    ...databaseFlows(context),
    ...cacheFlows(context),
    ...modelFlows(context),
    ...visitorFlows(context),
  ];
}

function callFlows({ settings }: Context): Flow[] {
  return settings.workloads.flatMap(({ entry: caller }) =>
    settings.workloads
      .filter(({ entry: called }) => called !== caller && mayCall(caller, called))
      .map(({ entry: called }) => ({ from: party(caller.name), to: party(called.name), port: called.port })),
  );
}

function mayCall({ calls, erasesEverywhere = false }: CatalogueEntry, { name, needs }: CatalogueEntry): boolean {
  return calls === '*' || calls.includes(name) || (erasesEverywhere && needs.includes('postgres'));
}

function databaseFlows({ settings }: Context): Flow[] {
  const users = settings.workloads
    .filter(({ entry }) => entry.needs.includes('postgres'))
    .map(({ entry }) => entry.name);
  const clients = users.length === 0 ? [] : [...users, ...users.map(migrationWorkload), databaseSetupWorkload];
  const server = serverParty(settings.database, { workload: postgresWorkload, port: 5432 });
  return clients.map((client) => ({ from: party(client), ...server }));
}

function cacheFlows({ settings }: Context): Flow[] {
  const users = settings.workloads.filter(({ entry }) => entry.needs.includes('redis'));
  const server = serverParty(settings.cache, { workload: cacheWorkload, port: 6379 });
  const clients = users.map(({ entry }) => entry.name);
  // Only a server of our own has logins that are tried before they are used.
  if (clients.length > 0 && settings.cache.kind === 'inCluster') clients.push(cacheLoginsWorkload);
  return clients.map((client) => ({ from: party(client), ...server }));
}

function serverParty(server: Server, own: { workload: string; port: number }): Pick<Flow, 'to' | 'port'> {
  if (server.kind === 'inCluster') return { to: party(own.workload), port: own.port };
  const to: Party = server.networks ? { kind: 'networks', cidrs: server.networks } : anyone;
  return { to, port: server.port };
}

function modelFlows({ settings }: Context): Flow[] {
  const router = settings.workloads.find(({ entry }) => entry.name === 'llm-router');
  if (router === undefined) return [];
  const { spec, namespace } = settings;
  return (spec.llm?.providers ?? []).flatMap((provider) =>
    providerFlows(party(router.entry.name), provider, namespace),
  );
}

function visitorFlows({ settings, observed }: Context): Flow[] {
  const { metricsFrom, gatewayFrom } = settings.networkPolicy;
  const operator: Party = { kind: 'pods', namespace: observed.operator.namespace, labels: observed.operator.podLabels };
  return settings.workloads.flatMap(({ entry }) => {
    const [here, port] = [party(entry.name), entry.port];
    const flows: Flow[] = [{ from: operator, to: here, port }];
    if (metricsFrom) flows.push({ from: namespaces(metricsFrom), to: here, port });
    if (entry.name === 'gateway') flows.push({ from: gatewayFrom ? namespaces(gatewayFrom) : anyone, to: here, port });
    if (entry.name === 'auth' && settings.auth.smtp) {
      flows.push({ from: here, to: anyone, port: settings.auth.smtp.port ?? smtpPort });
    }
    if (settings.otlpEndpoint) flows.push({ from: here, to: anyone, port: urlPort(settings.otlpEndpoint) });
    return flows;
  });
}

function namespaces(names: readonly string[]): Party {
  return { kind: 'namespaces', names: [...names].sort() };
}

function urlPort(address: string): number {
  const { port, protocol } = new URL(address);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
