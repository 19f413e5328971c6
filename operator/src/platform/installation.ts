import type { Observed } from '@genai-platform/cdk8s';

/** What the installation decides for every platform. */
export interface Installation {
  /** Version of the platform's images where a platform names none. */
  readonly release: string;
  /** Registry of the platform's images where a platform names none. */
  readonly imageRegistry: string;
  readonly operator: Observed['operator'];
}
