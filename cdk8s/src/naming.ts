/** Names of everything that belongs to a platform; nothing else makes up a name. Changing one replaces the object. */
export interface Names {
  readonly identity: string;
  readonly bootstrapAdmin: string;
  /** Secret with the key that the auth service encrypts with. */
  readonly authKeys: string;
  /** ConfigMap with the settings of the LLM router. */
  readonly llmSettings: string;
  readonly authority: string;
  readonly authorityBundle: string;
  readonly postgres: string;
  readonly postgresData: string;
  readonly postgresAdmin: string;
  readonly postgresTls: string;
  readonly cache: string;
  readonly cacheData: string;
  readonly cacheTls: string;
  readonly cacheAcl: string;
  readonly databaseSetup: string;
  readonly cacheLogins: string;
  readonly defaultDeny: string;
  readonly nameResolution: string;
  readonly edge: string;
  readonly edgeTls: string;
  /** Deployment, Service and everything else of one workload. */
  workload(workload: string): string;
  /** Secret with the database login of one service. */
  databaseLogin(workload: string): string;
  /** Secret with the cache login of one workload. */
  cacheLogin(workload: string): string;
  /** What the migration Job of a service is called before its hash. */
  migration(workload: string): string;
  /** ControllerRevision of a revision. */
  revision(revision: string): string;
}

/** The names for the platform `platform`. The longest one decides `maxPlatformNameLength`. */
export function namesOf(platform: string): Names {
  const name = (suffix: string): string => `${platform}-${suffix}`;
  return {
    identity: name('identity'),
    bootstrapAdmin: name('bootstrap-admin'),
    authKeys: name('auth-keys'),
    llmSettings: name('llm-settings'),
    authority: name('ca'),
    authorityBundle: name('ca-bundle'),
    postgres: name('postgres'),
    postgresData: name('postgres-data'),
    postgresAdmin: name('postgres-admin'),
    postgresTls: name('postgres-tls'),
    cache: name('cache'),
    cacheData: name('cache-data'),
    cacheTls: name('cache-tls'),
    cacheAcl: name('cache-acl'),
    databaseSetup: name('database-setup'),
    cacheLogins: name('cache-logins'),
    defaultDeny: name('default-deny'),
    nameResolution: name('name-resolution'),
    edge: name('edge'),
    edgeTls: name('edge-tls'),
    workload: name,
    databaseLogin: (workload) => name(`database-${workload}`),
    cacheLogin: (workload) => name(`cache-${workload}`),
    migration: (workload) => name(`${workload}-migrate`),
    revision: name,
  };
}

/** The schema of a service, which is also the name of the role that owns it. */
export function schemaName(workload: string): string {
  return workload.replaceAll('-', '_');
}

/** `search_g1`: login roles carry a generation, so that an old and a new password can be valid side by side. */
export function loginName(workload: string, generation: number): string {
  return `${schemaName(workload)}_g${generation}`;
}

/** The user of a login after `username`: the next generation, or the same where users carry none. */
export function nextLoginName(username: string): string {
  return username.replace(/_g(\d+)$/, (_, generation: string) => `_g${Number(generation) + 1}`);
}

/** The host name of a Service as pods of any namespace can resolve it, whatever the domain of the cluster is. */
export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.svc`;
}
