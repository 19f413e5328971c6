/** One wanted field that the live object does not have, or has with another value. */
export interface FieldDifference {
  /** `spec.template.spec.containers[name=app].image` */
  readonly path: string;
  readonly wanted: unknown;
  /** Absent where the live object lacks the field. */
  readonly found?: unknown;
}
