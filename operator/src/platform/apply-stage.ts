import type { KubernetesObject, Rendered } from '@genai-platform/cdk8s';
import { dataLabel } from '@genai-platform/cdk8s';
import type { ApplyOptions, KubeObject } from '../runtime/index.ts';
import { asData, asParts } from './claims.ts';
import { Secrets } from './kinds.ts';
import type { PlatformContext } from './session.ts';

/**
 * Applies a part of what the platform becomes: volumes and generated Secrets as data, which nothing but the platform's
 * own end removes, and everything else as the platform's. Nothing is rendered or compared while neither what it
 * depends on nor any of the objects has changed.
 */
export async function applyStage(
  context: PlatformContext,
  name: string,
  select: (rendered: Rendered) => readonly KubernetesObject[],
): Promise<void> {
  await applyParts(context, name, select, {});
}

/**
 * Puts back what somebody changed of a part whose turn has not come, because something before it is not done. What is
 * gone is made again only where the revision in effect was good before: its first roll-out has an order to keep.
 */
export async function keepStage(
  context: PlatformContext,
  name: string,
  select: (rendered: Rendered) => readonly KubernetesObject[],
): Promise<void> {
  const { session, status } = context;
  if (!session.isKnown) return;
  const inEffect = session.rollback?.to ?? session.wanted.name;
  const repair = status.lastGoodRevision === inEffect ? 'all' : 'edits';
  await applyParts(context, `${name}/kept/${repair}`, select, { repair });
}

async function applyParts(
  context: PlatformContext,
  name: string,
  select: (rendered: Rendered) => readonly KubernetesObject[],
  how: Pick<ApplyOptions, 'repair'>,
): Promise<void> {
  const { session } = context;
  const { inputs, platform } = session;
  const basis = ({ kind, metadata }: KubeObject): string | undefined =>
    kind === Secrets.kind ? session.readVersions.get(metadata.name) : undefined;
  const part = (isWanted: (object: KubernetesObject) => boolean) => () => select(session.rendered).filter(isWanted);
  await context.apply({ name: `${name}/data`, inputs, render: part(isData) }, { ...asData(platform), ...how, basis });
  await context.apply({ name, inputs, render: part((object) => !isData(object)) }, { ...asParts(platform), ...how });
}

function isData({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.[dataLabel] !== undefined;
}
