import type { Identity } from '@genai-platform/common';

/** Who a statement runs for: row-level security compares each row's tenant with it. */
export type Caller = Pick<Identity, 'tenant' | 'subject'>;
