import type { LiveObject } from '../object.ts';
import type { Ownership } from '../ownership.ts';
import type { ApplyOptions, DesiredObject } from '../step.ts';
import type { FieldDifference } from './compare.ts';
import { compareFields } from './compare.ts';
import { stamp } from './owner.ts';
import { setAt } from './set-at.ts';

/** The options of one object. */
export type OwnOptions = ApplyOptions & { readonly ignore?: readonly string[] };

/** What applying a wanted object to what exists would do. */
export interface Plan {
  readonly action: 'create' | 'update' | 'none';
  /** The body of the apply. */
  readonly body: DesiredObject;
  /** The digest in `body`. */
  readonly digest: string;
  /** `change`: something else is wanted than was applied last; `drift`: the same, but the object is different. */
  readonly cause?: 'change' | 'drift';
  readonly differences: readonly FieldDifference[];
}

/** Decides without any effect; what `plan` shows and what `apply` does come from here alike. */
export function planObject(
  wanted: DesiredObject,
  live: LiveObject | undefined,
  owner: LiveObject,
  settings: { readonly ownership: Ownership; readonly options: OwnOptions },
): Plan {
  const { ownership, options } = settings;
  const body = stamp(wanted, owner, ownership, options.retain ?? false);
  const digest = body.metadata.annotations?.[ownership.appliedAnnotation] ?? '';
  if (!live) return { action: 'create', body, digest, differences: [] };
  const { differences: found, ignored } = compareFields(body, live, options.ignore);
  const digestPath = `metadata.annotations[${JSON.stringify(ownership.appliedAnnotation)}]`;
  const differences = found
    .filter(({ path }) => path !== digestPath)
    .map(body.kind === 'Secret' ? withoutValues : asIs);
  const changed = live.metadata.annotations?.[ownership.appliedAnnotation] !== digest;
  if (!changed && differences.length === 0) return { action: 'none', body, digest, differences };
  return { action: 'update', body: keepFound(body, ignored), digest, cause: changed ? 'change' : 'drift', differences };
}

/**
 * The body with what was found at the ignored places: an apply without them would give the fields up, and the API server
 * would remove those that nobody else manages.
 */
function keepFound(body: DesiredObject, ignored: readonly FieldDifference[]): DesiredObject {
  if (ignored.length === 0) return body;
  const copy = structuredClone(body);
  for (const { segments, found } of ignored) setAt(copy as unknown as Record<string, unknown>, segments, found);
  return copy;
}

function asIs(difference: FieldDifference): FieldDifference {
  return difference;
}

/** Differences are logged and shown; the values of Secrets never are. */
function withoutValues({ path, segments }: FieldDifference): FieldDifference {
  return { path, segments, wanted: undefined };
}
