/** What is known of the world and cannot be read from the spec; with it `render` stays a pure function. */
export interface Observed {
  /** Version that the operator was released with; the platform's version where the spec names none. */
  readonly release: string;
  /** Where the operator runs; the network policies let it ask each workload its verification request. */
  readonly operator: {
    readonly namespace: string;
    readonly podLabels: Readonly<Record<string, string>>;
  };
  /** Decoded values of the Secrets that `wantedSecrets` lists: name of the Secret → key → value. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /**
   * A hash of the content of each object that `referencedObjects` lists, by `Secret/name` or `ConfigMap/name`.
   * It goes into the annotations of the pods that read the object, so that they restart when it changes.
   */
  readonly references?: Readonly<Record<string, string>>;
}
