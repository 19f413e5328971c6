import { managedBy } from '@genai-platform/cdk8s';
import type { Installation } from '../platform/installation.ts';
import type { Deployment } from '../platform/kinds.ts';
import { Deployments } from '../platform/kinds.ts';
import { ApiError } from '../runtime/index.ts';
import type { ObjectClient } from '../runtime/object-client.ts';
import { version } from './version.ts';

/** What the operator of a cluster fills in where a platform says nothing, and how it is known. */
export interface FoundInstallation {
  readonly installation: Installation;
  /** Where the operator runs; undefined where none was found and the defaults stand in. */
  readonly deployment?: { readonly namespace: string; readonly name: string };
  /** Why the defaults stand in. */
  readonly assumed?: string;
}

/** What may be said on the command line in place of what the cluster says. */
export interface InstallationFlags {
  readonly release?: string;
  readonly imageRegistry?: string;
  readonly operatorNamespace?: string;
}

const OPERATOR_NAME = 'app.kubernetes.io/name';

/** The chart's defaults, at the release that this tool is of. */
export function assumedInstallation(flags: InstallationFlags): Installation {
  const { release = version, imageRegistry = 'ghcr.io/genai-platform', operatorNamespace = 'genai-system' } = flags;
  return {
    release,
    imageRegistry,
    operator: { namespace: operatorNamespace, podLabels: { [OPERATOR_NAME]: managedBy } },
  };
}

/** Asks the cluster for its operator, that looks after `namespace`. Without the right to look, the defaults stand in. */
export async function findInstallation(
  client: ObjectClient,
  namespace: string,
  { flags, signal }: { readonly flags: InstallationFlags; readonly signal: AbortSignal },
): Promise<FoundInstallation> {
  const scope = flags.operatorNamespace === undefined ? {} : { namespace: flags.operatorNamespace };
  const assumed = (why: string): FoundInstallation => ({ installation: assumedInstallation(flags), assumed: why });
  try {
    const { items } = await client.list(Deployments, { ...scope, selector: `${OPERATOR_NAME}=${managedBy}` }, signal);
    const operators = (items ?? []).filter((deployment) => looksAfter(deployment, namespace));
    const [operator] = operators;
    if (!operator) return assumed(`no operator that looks after namespace ${namespace} was found`);
    if (operators.length > 1) return assumed('several operators look after this namespace; choose one with --operator-namespace'); // prettier-ignore
    return { installation: installationOf(operator, flags), deployment: placeOf(operator) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 403) throw error;
    return assumed('this user may not look for the operator (list deployments in all namespaces)');
  }
}

function placeOf({ metadata }: Deployment): { namespace: string; name: string } {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}

function environmentOf({ spec }: Deployment): ReadonlyMap<string, string> {
  const variables = spec?.template.spec?.containers.flatMap(({ env = [] }) => env) ?? [];
  return new Map(variables.map(({ name, value = '' }) => [name, value]));
}

function looksAfter(operator: Deployment, namespace: string): boolean {
  const watched = (environmentOf(operator).get('WATCH_NAMESPACES') ?? '').split(',').map((name) => name.trim());
  return watched.every((name) => name === '') || watched.includes(namespace);
}

function installationOf(operator: Deployment, flags: InstallationFlags): Installation {
  const environment = environmentOf(operator);
  return assumedInstallation({
    ...valueOf('release', environment.get('PLATFORM_VERSION')),
    ...valueOf('imageRegistry', environment.get('DEFAULT_IMAGE_REGISTRY')),
    operatorNamespace: operator.metadata.namespace ?? '',
    ...flags,
  });
}

function valueOf(name: keyof InstallationFlags, value: string | undefined): InstallationFlags {
  return value === undefined || value === '' ? {} : { [name]: value };
}
