/** A core/v1 Event, as far as it is read. */
export interface ClusterEvent {
  readonly reason: string;
  readonly message: string;
  /** RFC 3339 of the last time it happened; absent on events that never say. */
  readonly at?: string;
}

/**
 * What the cluster says about objects beyond their status: asked only while something does not get ready, so that a
 * platform at rest costs nothing. Failing to answer is no failure of the reconcile: both then answer with nothing.
 */
export interface ClusterWords {
  /** Warning events about the object with this UID, the newest first. */
  warnings(
    about: { readonly namespace: string; readonly uid: string },
    signal: AbortSignal,
  ): Promise<readonly ClusterEvent[]>;
  /** The last lines that a container wrote, of its previous run where the present one has none. */
  logTail(container: ContainerRef, lines: number, signal: AbortSignal): Promise<string | undefined>;
}

export interface ContainerRef {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}
