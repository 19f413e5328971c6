import type { z } from 'zod';

/**
 * A CEL rule that the API server evaluates when a platform is created or changed.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules
 */
export interface Rule {
  readonly rule: string;
  /** What the user reads when the rule fails. */
  readonly message: string;
  /** CEL that makes a message with values in it; `message` is used where it fails. */
  readonly messageExpression?: string;
  readonly reason?: 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired' | 'FieldValueDuplicate';
  /** The field to blame, relative to where the rule stands, for example `.tls`. */
  readonly fieldPath?: string;
  /** Evaluates a rule that reads `oldSelf` on creation too, with `oldSelf` as a CEL optional. */
  readonly optionalOldSelf?: boolean;
}

/** What a schema may carry for the CRD beside its description. */
export interface KubernetesMeta {
  readonly 'x-kubernetes-validations'?: readonly Rule[];
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-int-or-string'?: true;
  readonly maxProperties?: number;
  readonly maxLength?: number;
  readonly format?: string;
}

/** The schema with more for the CRD; descriptions and rules that it already has are kept. */
export function withMeta<T extends z.ZodType>(schema: T, meta: KubernetesMeta): T {
  return schema.meta({ ...schema.meta(), ...meta });
}

/** The schema with CEL rules after those it already has. */
export function withRules<T extends z.ZodType>(schema: T, ...rules: readonly Rule[]): T {
  const before = (schema.meta()?.['x-kubernetes-validations'] ?? []) as readonly Rule[];
  return withMeta(schema, { 'x-kubernetes-validations': [...before, ...rules] });
}
