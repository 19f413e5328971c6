import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { HttpService } from './constructs/http-service.ts';
import type { Context } from './context.ts';
import { digest } from './digest.ts';
import type { Finish } from './finish.ts';
import { finish, ownerOf } from './finish.ts';
import { imageReference } from './images.ts';
import { providerVerification } from './llm/verification.ts';
import { serviceHost } from './naming.ts';
import { wavesOf } from './network/waves.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import type { Observed } from './observed.ts';
import type { Rendered, RenderedWorkload } from './rendered.ts';
import type { PlatformInput } from './settings/settings.ts';
import { resolveSettings } from './settings/settings.ts';
import type { WorkloadSettings } from './settings/workload-settings.ts';
import { CacheLoginsStage } from './stages/cache-logins.ts';
import { DataStage } from './stages/data.ts';
import { EdgeStage } from './stages/edge.ts';
import { ExternalSecretsStage } from './stages/external-secrets.ts';
import { DatabaseSetupStage, MigrationStage } from './stages/migrations.ts';
import { SecretsStage } from './stages/secrets.ts';
import { wantedSecrets } from './wanted-secrets.ts';

const revisionLength = 10;

/**
 * Everything that a platform becomes. Pure: equal input gives equal bytes, whatever the order of its keys.
 *
 * @param platform a platform that the API server has accepted
 * @param observed must hold every value of `wantedSecrets(platform)`
 * @throws Error when a value is missing
 */
export function render(platform: PlatformInput, observed: Observed): Rendered {
  const context: Context = { settings: resolveSettings(platform, observed.release), observed };
  const { settings } = context;
  const finishing: Finish = { owner: ownerOf(platform), retainsData: settings.retainsData };
  const chart = newChart(settings.namespace);
  const waves = wavesOf(settings.workloads).map((wave) =>
    wave.map((workload) => renderWorkload(chart, context, { workload, finishing })),
  );
  return {
    revision: digest(
      waves.flat().map(({ name, revision }) => [name, revision]),
      revisionLength,
    ),
    version: settings.version,
    externalSecrets: finish(new ExternalSecretsStage(chart, settings), finishing),
    secrets: finish(new SecretsStage(chart, context, wantedSecrets(platform)), finishing),
    data: finish(new DataStage(chart, context), finishing),
    migrations: [
      new DatabaseSetupStage(chart, context),
      new CacheLoginsStage(chart, context),
      new MigrationStage(chart, context),
    ]
      .map((stage) => finish(stage, finishing))
      .filter((objects) => objects.length > 0),
    waves,
    edge: finish(new EdgeStage(chart, settings), finishing),
  };
}

/** As `Rendered.externalSecrets`: they follow from the specification alone, and are needed before anything is observed. */
export function renderExternalSecrets(platform: PlatformInput): readonly KubernetesObject[] {
  const settings = resolveSettings(platform, '');
  const finishing: Finish = { owner: ownerOf(platform), retainsData: settings.retainsData };
  return finish(new ExternalSecretsStage(newChart(settings.namespace), settings), finishing);
}

/** All options given: what is not is read from the environment, and `Testing.app()` writes to the disk. */
function newChart(namespace: string): Chart {
  const app = new App({ outdir: 'dist', recordConstructMetadata: false });
  return new Chart(app, 'platform', { namespace, disableResourceNameHashes: true });
}

function renderWorkload(
  chart: Chart,
  context: Context,
  { workload, finishing }: { workload: WorkloadSettings; finishing: Finish },
): RenderedWorkload {
  const { settings } = context;
  const { entry } = workload;
  const scope = new Construct(chart, entry.name);
  const service = new HttpService(scope, 'service', { context, workload });
  const name = settings.names.workload(entry.name);
  const verification = entry.name === 'llm-router' ? providerVerification(settings.spec.llm) : undefined;
  return {
    entry: verification ? { ...entry, verification } : entry,
    name,
    image: imageReference(settings.spec.images, entry.setting, settings.version),
    revision: service.revision,
    url: `http://${serviceHost(name, settings.namespace)}:${entry.port}`,
    objects: finish(scope, finishing),
  };
}
