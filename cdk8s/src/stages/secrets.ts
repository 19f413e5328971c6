import { Construct } from 'constructs';
import { accessList } from '../access-list.ts';
import { authorityBundle } from '../attachments/authority.ts';
import { llmSettingsContent } from '../attachments/llm-router.ts';
import { DefaultDeny } from '../constructs/default-deny.ts';
import { configMap, secret, serviceAccount } from '../constructs/plain-objects.ts';
import type { Context } from '../context.ts';
import { secretValue } from '../context.ts';
import { dataLabel, objectLabels } from '../labels.ts';
import { cacheWorkload, databaseSetupWorkload, postgresWorkload } from '../network/flows.ts';
import type { WantedSecret } from '../wanted-secrets.ts';
import { keysOf } from '../wanted-secrets.ts';

/** What everything else mounts, runs as or is bound by. */
export class SecretsStage extends Construct {
  constructor(scope: Construct, context: Context, wanted: readonly WantedSecret[]) {
    super(scope, 'secrets');
    const { settings } = context;
    const { platform, names, database, cache } = settings;
    for (const wantedSecret of wanted) {
      const { name } = wantedSecret;
      const values = keysOf(wantedSecret, context.observed.secrets[name]).map((key) => [
        key,
        secretValue(context, name, key),
      ]);
      const labels = { ...objectLabels(platform), [dataLabel]: 'true' };
      secret(this, { name, labels }, Object.fromEntries(values) as Record<string, string>);
    }
    const labels = objectLabels(platform);
    if (cache.kind === 'inCluster') secret(this, { name: names.cacheAcl, labels }, accessList(context));
    configMap(this, { name: names.authorityBundle, labels }, authorityBundle(context));
    const llmSettings = llmSettingsContent(context);
    if (llmSettings && settings.workloads.some(({ entry }) => entry.name === 'llm-router')) {
      configMap(this, { name: names.llmSettings, labels: objectLabels(platform, 'llm-router') }, llmSettings);
    }
    const accounts = [
      ...settings.workloads.map(({ entry }) => entry.name),
      databaseSetupWorkload,
      ...(database.kind === 'inCluster' ? [postgresWorkload] : []),
      ...(cache.kind === 'inCluster' ? [cacheWorkload] : []),
    ];
    for (const account of accounts) {
      serviceAccount(this, { name: names.workload(account), labels: objectLabels(platform, account) });
    }
    new DefaultDeny(this, 'default-deny', settings);
  }
}
