import type { KubernetesObject } from '@genai-platform/cdk8s';
import { wantedSecrets } from '@genai-platform/cdk8s';
import { done, mapLimit, wait } from '../../runtime/index.ts';
import { applyStage } from '../apply-stage.ts';
import { asData } from '../claims.ts';
import type { Secret } from '../kinds.ts';
import { Secrets } from '../kinds.ts';
import { bringExternalSecrets, explainMissing } from '../secrets/external-secrets.ts';
import type { GeneratedSecrets } from '../secrets/generated-secrets.ts';
import { areEqual, gatherGeneratedSecrets } from '../secrets/generated-secrets.ts';
import { readReferences } from '../secrets/references.ts';
import { decodeSecret } from '../secrets/secret-data.ts';
import type { PlatformContext, PlatformStep } from '../session.ts';

/** ConfigMaps are not watched; Secrets are, and asking again is for what a watch might have missed. */
const LOOK_AGAIN_MS = { ConfigMap: 10_000, Secret: 60_000 };
/** A kind that is not installed cannot be watched. */
const LOOK_FOR_KIND_MS = 15_000;
const PARALLEL_CALLS = 4;

/**
 * Has Secrets brought from a store, looks up those that the user names, makes those that the platform needs beside them
 * (once: passwords, keys, certificates), and applies what everything else mounts. Waits for a Secret that a user has yet
 * to create.
 */
export const secrets: PlatformStep = {
  name: 'secrets',
  condition: 'SecretsReady',
  async run(context) {
    const { session } = context;
    const obstacle = await bringExternalSecrets(context);
    if (obstacle) {
      session.problems.push(obstacle);
      return wait(obstacle.reason, obstacle.message, { afterMs: LOOK_FOR_KIND_MS });
    }
    const references = await readReferences(context, ({ field }) => !field.startsWith('spec.ingress'));
    if (references.missing) {
      const trouble = explainMissing(references.missing, context);
      session.problems.push(trouble);
      return wait(trouble.reason, trouble.message, { afterMs: LOOK_AGAIN_MS[references.missing.reference.kind] });
    }
    const generated = await gatherGeneratedSecrets(context, references.secrets);
    session.readVersions = generated.versions;
    session.given = generated.given;
    session.provide({ secrets: generated.values, references: references.hashes });
    if (generated.fresh.size > 0 && (await someoneElseMadeOne(generated, context))) {
      return wait('SecretsAppearing', 'taking up Secrets that exist already', { afterMs: 1_000 });
    }
    await applyStage(context, 'secrets', (rendered) => rendered.secrets);
    return done('SecretsReady', 'every Secret that the platform reads is there');
  },
};

/**
 * Creates the Secrets that do not exist, without overwriting one that does: a cache that is behind must not cost a
 * password. Tells whether one did, so that what was rendered rests on the wrong values.
 */
async function someoneElseMadeOne(
  { values, fresh, versions }: GeneratedSecrets,
  context: PlatformContext,
): Promise<boolean> {
  const { platform, rendered } = context.session;
  let found = false;
  const create = async (object: KubernetesObject): Promise<void> => {
    const live = await context.create<KubernetesObject & Pick<Secret, 'data'>>(object, asData(platform));
    versions.set(object.metadata.name, live.metadata.resourceVersion);
    found ||= !areEqual(decodeSecret(live), values[object.metadata.name] ?? {});
  };
  const missing = rendered.secrets.filter(({ kind, metadata }) => kind === Secrets.kind && fresh.has(metadata.name));
  const issuers = new Set(
    wantedSecrets(platform).map((wanted) => (wanted.kind === 'certificate' ? wanted.issuer : '')),
  );
  const isIssuer = ({ metadata }: KubernetesObject): boolean => issuers.has(metadata.name);
  // An authority before what it has signed, which would be worth nothing without it.
  await mapLimit(missing.filter(isIssuer), PARALLEL_CALLS, create);
  // The rest side by side: an API server that is slow, or refuses one of them, holds up none of the others.
  await mapLimit(missing.filter((object) => !isIssuer(object)), PARALLEL_CALLS, create); // prettier-ignore
  return found;
}
