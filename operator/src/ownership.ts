import { managedBy } from '@genai-platform/cdk8s';
import type { Ownership } from './runtime/index.ts';

/** How the operator marks what it owns. A change of any of these would make it a stranger to its own objects. */
export const ownership: Ownership = {
  fieldManager: managedBy,
  ownerLabel: 'genaiplatform.io/owner-uid',
  appliedAnnotation: 'genaiplatform.io/applied',
  finalizer: 'genaiplatform.io/finalizer',
};
