import { dataLabel, platformLabel } from '@genai-platform/cdk8s';
import type { ApplyOptions, LiveObject } from '../runtime/index.ts';
import { controllerOf } from '../runtime/index.ts';
import { ignoredFields } from './drift/ignored-fields.ts';
import type { Platform } from './kinds.ts';

const conflictHint = 'rename or delete it, or set spec.adopt: true to have the platform take it over';

/** How what a platform consists of is written. Others' objects are left alone unless `spec.adopt` says otherwise. */
export function asParts(platform: Platform): ApplyOptions {
  return { adopt: (live) => isForTheTaking(live, platform), conflictHint, ignore: ignoredFields(platform) };
}

/**
 * How data and its keys are written: without an owner, so that no garbage collector can take them, whatever becomes of
 * the platform; its finalizer removes them where `deletionPolicy: Delete` says so. A platform of the same name takes
 * them up again.
 */
export function asData(platform: Platform): ApplyOptions {
  return {
    retain: true,
    conflictHint,
    adopt: (live) => isLeftBehind(live, platform) || isForTheTaking(live, platform),
  };
}

/** By an earlier platform of the same name. */
function isLeftBehind({ metadata: { labels = {} } }: LiveObject, { metadata }: Platform): boolean {
  return labels[platformLabel] === metadata.name && dataLabel in labels;
}

/** Nothing controls it, and it is of no other platform. */
function isForTheTaking(live: LiveObject, { metadata, spec }: Platform): boolean {
  if (spec.adopt !== true || controllerOf(live) !== undefined) return false;
  return (live.metadata.labels?.[platformLabel] ?? metadata.name) === metadata.name;
}
