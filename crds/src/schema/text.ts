import { z } from 'zod';
import { withRules } from './rule.ts';

/** A string of 1 to `max` characters that matches a pattern; both zod and the API server say `message` when not. */
export interface TextShape {
  readonly max: number;
  readonly pattern: RegExp;
  readonly message: string;
}

/**
 * The pattern becomes a CEL rule in the CRD: the message of a schema's own `pattern` quotes a regular expression at
 * the user. The patterns must mean the same in RE2, so they use no look-around and no back-references.
 */
export function text({ max, pattern, message }: TextShape): z.ZodString {
  const celPattern = pattern.source.replaceAll('\\/', '/');
  return withRules(z.string().max(max).regex(pattern, message), {
    rule: `self.matches(r'${celPattern}')`,
    message,
  });
}

/** A host name in lower case, with or without dots (RFC 1123). */
export function hostName(): z.ZodString {
  return text({
    max: 253,
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    message: 'must be a host name: lower case letters, digits, "-" and ".", for example db.example.com',
  });
}

/** The name of a namespace: a DNS label (RFC 1123). */
export function namespaceName(): z.ZodString {
  return text({
    max: 63,
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    message: 'must be the name of a namespace: lower case letters, digits and "-"',
  });
}

/** The name of an object in the same namespace: a DNS subdomain (RFC 1123). */
export function objectName(): z.ZodString {
  return text({
    max: 253,
    pattern: /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
    message: 'must be the name of a Kubernetes object: lower case letters, digits, "-" and "."',
  });
}

/** The key inside a Secret or ConfigMap. */
export function dataKey(): z.ZodString {
  return text({
    max: 253,
    pattern: /^[-._a-zA-Z0-9]+$/,
    message: 'must be a key of a Secret or ConfigMap: letters, digits, "-", "_" and "."',
  });
}
