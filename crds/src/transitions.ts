import { celQuantity } from './schema/quantity.ts';
import type { Rule } from './schema/rule.ts';
import { profiles } from './profile.ts';
import { profileDefaults } from './profiles.ts';

const isExternal = (version: string): string => `(has(${version}.database) && has(${version}.database.external))`;

/** Data is not copied from one database to another, so a platform that changed over would start empty. */
export const engineIsImmutable: Rule = {
  rule: `${isExternal('self')} == ${isExternal('oldSelf')}`,
  message:
    'database cannot change between inCluster and external: the data would stay behind; ' +
    'create another platform and move the data to it',
  fieldPath: '.database',
  reason: 'FieldValueForbidden',
};

/**
 * CEL for the size in effect: the given one, else the profile's. Each branch makes its own quantity: the length of a
 * text that comes out of a choice counts as unbounded, and the rule as too expensive.
 */
function effectiveSize(version: string, kind: 'database' | 'cache'): string {
  const field = `${version}.${kind}`;
  const given = `has(${field}) && has(${field}.inCluster) && has(${field}.inCluster.storageSize)`;
  const [last, ...others] = profiles.toReversed().map((name) => {
    return { name, size: `quantity('${profileDefaults[name][kind].storageSize}')` };
  });
  const byProfile = others.reduce(
    (otherwise, { name, size }) => `(${version}.profile == '${name}' ? ${size} : ${otherwise})`,
    last?.size ?? '',
  );
  return `(${given} ? ${celQuantity(`${field}.inCluster.storageSize`)} : ${byProfile})`;
}

/** Volumes can be expanded and never shrunk; a smaller profile must therefore name the size that there is. */
export function storageOnlyGrows(kind: 'database' | 'cache'): Rule {
  return {
    rule: `${effectiveSize('self', kind)}.compareTo(${effectiveSize('oldSelf', kind)}) >= 0`,
    message:
      `the volume of the ${kind} can only grow: give ${kind}.inCluster.storageSize ` +
      'a size that is at least the present one (the profile fills it where it is absent)',
    fieldPath: `.${kind}`,
    reason: 'FieldValueForbidden',
  };
}
