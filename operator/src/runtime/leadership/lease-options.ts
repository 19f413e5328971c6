export interface LeaseOptions {
  readonly namespace: string;
  readonly name: string;
  /** Unique per process, the pod's name. */
  readonly identity: string;
  /** How long others wait after the last renewal before they take over. Default 15. */
  readonly durationSeconds?: number;
  /** How long this process goes on without a successful renewal. Default 10; must be less than the duration. */
  readonly renewDeadlineSeconds?: number;
  /** Time between tries. Default 2. */
  readonly retrySeconds?: number;
}
