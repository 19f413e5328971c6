import type { BetaGrant, Identity } from '@genai-platform/common';

/** Who stands before the gateway, and what beside the platform's own limits applies to it. */
export interface Caller {
  readonly identity: Identity;
  /** Of a user that came in by a beta token: the token's limit, and its count. */
  readonly beta?: BetaGrant | undefined;
}
