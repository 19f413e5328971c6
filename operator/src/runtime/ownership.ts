/** How a manager marks what it owns; constant for the life of an installation. */
export interface Ownership {
  /** Field manager of every server-side apply, `genai-operator`. */
  readonly fieldManager: string;
  /** Label that holds the owner's UID on every applied object. */
  readonly ownerLabel: string;
  /** Annotation that holds the digest of what was applied. */
  readonly appliedAnnotation: string;
  /** Finalizer of the reconciled objects. */
  readonly finalizer: string;
}
