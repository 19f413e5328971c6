import type { Rule } from './schema/rule.ts';
import { quantity } from './schema/quantity.ts';
import { objectName } from './schema/text.ts';

/** The volume of a database or cache in the cluster. */
export const storageFields = {
  storageClassName: objectName()
    .describe('StorageClass of the volume. Default: that of the cluster. Cannot be changed.')
    .optional(),
  storageSize: quantity('10Gi').describe('Size of the volume. Default by profile. Can only grow.').optional(),
};

export const immutableStorageClass: Rule = {
  rule:
    'has(self.storageClassName) == has(oldSelf.storageClassName) && ' +
    '(!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)',
  message: 'storageClassName cannot be changed: a volume does not move between storage classes',
  fieldPath: '.storageClassName',
  reason: 'FieldValueForbidden',
};
