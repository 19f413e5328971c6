import { Construct } from 'constructs';
import type { Attachment } from '../attachments/attachment.ts';
import { attachAll, secretsFolder } from '../attachments/attachment.ts';
import { databaseAdministrator, databaseClient } from '../attachments/database-client.ts';
import type { Mount } from '../attachments/mount.ts';
import { temporaryFiles } from '../attachments/mount.ts';
import { processEnvironment } from '../attachments/process.ts';
import { workloadAttachment } from '../attachments/workload.ts';
import type { CatalogueEntry } from '../catalogue.ts';
import { OneTimeJob } from '../constructs/one-time-job.ts';
import { configMap } from '../constructs/plain-objects.ts';
import { WorkloadPolicy } from '../constructs/workload-policy.ts';
import type { Context } from '../context.ts';
import { secretValue } from '../context.ts';
import { objectLabels } from '../labels.ts';
import { schemaName } from '../naming.ts';
import { databaseSetupWorkload, migrationWorkload } from '../network/flows.ts';
import type { WorkloadSettings } from '../settings/workload-settings.ts';

const setupFolder = '/etc/genaiplatform.io/database-setup';
const setupFile = 'setup.json';
const loginsFolder = `${secretsFolder}/logins`;

/** The workloads with a schema of their own. */
function databaseUsers({ settings }: Context): readonly WorkloadSettings[] {
  return settings.workloads.filter(({ entry }) => entry.needs.includes('postgres'));
}

/** Prepares the database as its administrator: extensions, one schema, owner and login per service. */
export class DatabaseSetupStage extends Construct {
  constructor(scope: Construct, context: Context) {
    super(scope, 'database-setup');
    const users = databaseUsers(context).map(({ entry }) => entry);
    if (users.length === 0) return;
    const { platform, names } = context.settings;
    const content = { [setupFile]: `${JSON.stringify(setupPlan(context, users), null, 2)}\n` };
    const name = names.databaseSetup;
    configMap(this, { name, labels: objectLabels(platform, databaseSetupWorkload) }, content);
    new WorkloadPolicy(this, 'policy', { context, workload: databaseSetupWorkload });
    new OneTimeJob(this, 'job', {
      context,
      name,
      serviceAccount: name,
      pod: {
        workload: databaseSetupWorkload,
        image: 'databaseSetup',
        attachment: setupAttachment(context, users, { name, content }),
        scheduling: {},
      },
    });
  }
}

/** Brings the schema of each service to what its image expects, as the service itself. */
export class MigrationStage extends Construct {
  constructor(scope: Construct, context: Context) {
    super(scope, 'migrations');
    for (const workload of databaseUsers(context)) this.#migrate(context, workload);
  }

  #migrate(context: Context, { entry, env, scheduling }: WorkloadSettings): void {
    const { names } = context.settings;
    const name = migrationWorkload(entry.name);
    const scope = new Construct(this, name);
    new WorkloadPolicy(scope, 'policy', { context, workload: name });
    new OneTimeJob(scope, 'job', {
      context,
      name: names.migration(entry.name),
      serviceAccount: names.workload(entry.name),
      pod: {
        workload: name,
        image: entry.setting,
        args: ['migrate'],
        attachment: workloadAttachment(context, entry),
        env,
        scheduling,
      },
    });
  }
}

function setupPlan(context: Context, users: readonly CatalogueEntry[]): object {
  return {
    extensions: [...new Set(users.flatMap(({ extensions }) => extensions ?? []))].sort(),
    schemas: users.map(({ name }) => ({ name: schemaName(name), owner: schemaName(name), ...loginsOf(context, name) })),
  };
}

/** Who may log in, and who may no longer, of a service whose password is or was rotated. */
function loginsOf(context: Context, workload: string): { login: string; next?: string; retire?: string } {
  const secret = context.settings.names.databaseLogin(workload);
  const { 'next-username': next, 'retired-username': retire } = context.observed.secrets[secret] ?? {};
  const login = secretValue(context, secret, 'username');
  return { login, ...(next !== undefined && { next }), ...(retire !== undefined && { retire }) };
}

/** The passwords to be, each in a folder named after its login. */
function loginMounts(context: Context, workload: string): Mount[] {
  const secret = context.settings.names.databaseLogin(workload);
  const { login, next } = loginsOf(context, workload);
  const mount = (name: string, user: string, key: string): Mount => ({
    name,
    path: `${loginsFolder}/${user}`,
    source: { kind: 'secret', name: secret, items: { [key]: 'password' } },
  });
  return [
    mount(`login-${workload}`, login, 'password'),
    ...(next === undefined ? [] : [mount(`next-login-${workload}`, next, 'next-password')]),
  ];
}

function setupAttachment(
  context: Context,
  users: readonly CatalogueEntry[],
  plan: { name: string; content: Record<string, string> },
): Attachment {
  const logins = users.flatMap(({ name }) => loginMounts(context, name));
  return attachAll(
    processEnvironment(context, databaseSetupWorkload),
    databaseClient(context, { secret: databaseAdministrator(context) }),
    {
      env: { DATABASE_SETUP_FILE: `${setupFolder}/${setupFile}`, DATABASE_LOGINS_DIR: loginsFolder },
      mounts: [{ name: 'setup', path: setupFolder, source: { kind: 'configMap', ...plan } }, ...logins, temporaryFiles],
    },
  );
}
