import type { DesiredObject } from '../../runtime/index.ts';
import type { Platform } from '../kinds.ts';

/** The fields of each object that `spec.drift.ignore` leaves to others. */
export function ignoredFields({ spec }: Platform): (object: DesiredObject) => readonly string[] {
  const rules = spec.drift?.ignore ?? [];
  return ({ kind, metadata }) =>
    rules
      .filter((rule) => rule.kind === kind && (rule.name ?? metadata.name) === metadata.name)
      .flatMap(({ fields }) => fields);
}
