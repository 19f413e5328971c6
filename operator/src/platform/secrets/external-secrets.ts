import { createHash } from 'node:crypto';
import type { KubernetesObject } from '@genai-platform/cdk8s';
import { renderExternalSecrets } from '@genai-platform/cdk8s';
import { JoinedErrors, controllerOf, isNotFound, refTo } from '../../runtime/index.ts';
import { asParts } from '../claims.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { ExternalSecret } from '../kinds.ts';
import { ExternalSecrets, Secrets } from '../kinds.ts';
import type { PlatformContext } from '../session.ts';
import type { MissingReference } from './references.ts';

/**
 * Has external-secrets bring the Secrets that come from a store. Says what is in the way: that it is not installed, or
 * that a Secret of somebody else's has the name. What it cannot fetch again stays as it was, and is a problem to tell.
 */
export async function bringExternalSecrets(context: PlatformContext): Promise<Diagnosis | undefined> {
  const { platform } = context.session;
  const names = namesOf(context);
  if (names.length === 0) return undefined;
  const taken = await takenName(names, context);
  if (taken) return taken;
  const inputs = createHash('sha256')
    .update(JSON.stringify(platform.spec.secrets?.externalSecrets))
    .digest('base64url');
  try {
    await context.apply({ name: 'external-secrets', inputs, render: () => renderedOf(context) }, asParts(platform));
  } catch (error) {
    if (!isNotInstalled(error)) throw error;
    return {
      reason: 'ExternalSecretsNotInstalled',
      message: `spec.secrets.externalSecrets needs external-secrets, and the cluster knows no ExternalSecret of external-secrets.io/v1`,
    };
  }
  for (const name of names) {
    const trouble = troubleOf(name, context);
    if (trouble) context.session.problems.push(trouble);
  }
  return undefined;
}

/** What is missing, in the words of external-secrets where it should have brought it. */
export function explainMissing({ reason, message, reference }: MissingReference, context: PlatformContext): Diagnosis {
  if (reference.kind !== 'Secret' || !namesOf(context).includes(reference.name)) return { reason, message };
  const trouble = troubleOf(reference.name, context);
  if (trouble) return trouble;
  if (isSynced(reference.name, context)) return { reason, message: `${message}: ExternalSecret ${reference.name} does not bring it` }; // prettier-ignore
  return { reason: 'ExternalSecretPending', message: `${message}: external-secrets has not brought it yet` };
}

/** Those of the specification. */
function namesOf({ session: { platform } }: PlatformContext): readonly string[] {
  return platform.spec.secrets?.externalSecrets?.map(({ name }) => name) ?? [];
}

/** Without the UID: who owns what is the runtime's business when it applies. */
function renderedOf({ session: { platform } }: PlatformContext): readonly KubernetesObject[] {
  const { name, namespace } = platform.metadata;
  return renderExternalSecrets({ spec: platform.spec, metadata: { name, namespace } });
}

/** external-secrets would fill a Secret that is there already, whoever made it. */
async function takenName(names: readonly string[], context: PlatformContext): Promise<Diagnosis | undefined> {
  const { namespace } = context.session.platform.metadata;
  for (const name of names) {
    if (context.observe(refTo(ExternalSecrets, name, namespace))) continue;
    const live = await context.read(refTo(Secrets, name, namespace));
    const owner = live && controllerOf(live);
    if (!live || (owner?.kind === ExternalSecrets.kind && owner.name === name)) continue;
    return {
      reason: 'NameConflict',
      message: `Secret ${namespace}/${name} exists and was not brought by external-secrets: give the entry of spec.secrets.externalSecrets another name`,
    };
  }
  return undefined;
}

type Ready = NonNullable<NonNullable<ExternalSecret['status']>['conditions']>[number];

function readyOf(name: string, context: PlatformContext): Ready | undefined {
  const live = context.observe(refTo(ExternalSecrets, name, context.session.platform.metadata.namespace));
  return live?.status?.conditions?.find(({ type }) => type === 'Ready');
}

function isSynced(name: string, context: PlatformContext): boolean {
  return readyOf(name, context)?.status === 'True';
}

function troubleOf(name: string, context: PlatformContext): Diagnosis | undefined {
  const ready = readyOf(name, context);
  if (ready?.status !== 'False') return undefined;
  const { namespace } = context.session.platform.metadata;
  return {
    reason: ready.reason,
    message: `ExternalSecret ${namespace}/${name}: ${ready.message ?? ready.reason}`,
  };
}

/** The server knows no such resource: other objects that are not found are made. */
function isNotInstalled(error: unknown): boolean {
  return error instanceof JoinedErrors ? error.errors.every(isNotFound) : isNotFound(error);
}
