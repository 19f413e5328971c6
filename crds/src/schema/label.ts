import { z } from 'zod';
import { withMeta, withRules } from './rule.ts';
import { text } from './text.ts';

/** `prefix/name` or `name` as in the keys of labels and annotations, written for RE2. */
const qualifiedName = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** The key of a label. */
export function labelKey(): z.ZodString {
  return text({
    max: 317,
    pattern: qualifiedName,
    message: 'must be the key of a label, for example topology.kubernetes.io/zone',
  });
}

/** The value of a label; may be empty. */
export function labelValue(): z.ZodString {
  return text({
    max: 63,
    pattern: /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
    message: 'must be the value of a label: at most 63 letters, digits, "-", "_" and "."',
  });
}

/** A map of labels, as in a selector. */
export function labels(): z.ZodRecord<z.ZodString, z.ZodString> {
  return withRules(withMeta(z.record(z.string(), labelValue()), { maxProperties: 32 }), {
    rule: `self.all(k, k.size() <= 317 && k.matches(r'${qualifiedName.source.replaceAll('\\/', '/')}'))`,
    message: 'every key must be the key of a label, for example topology.kubernetes.io/zone',
  });
}

/** Annotations that the user adds; those of this project are the operator's own. */
export function annotations(): z.ZodRecord<z.ZodString, z.ZodString> {
  return withRules(
    withMeta(z.record(z.string(), z.string().max(4096)), { maxProperties: 32 }),
    {
      rule: `self.all(k, k.size() <= 317 && k.matches(r'${qualifiedName.source.replaceAll('\\/', '/')}'))`,
      message: 'every key must be the key of an annotation, for example example.com/team',
    },
    {
      rule: `self.all(k, !k.startsWith('genaiplatform.io/'))`,
      message: 'annotations under genaiplatform.io/ are set by the operator',
      reason: 'FieldValueForbidden',
    },
  );
}
