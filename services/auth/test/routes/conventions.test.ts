import { systemClock } from '@genai-platform/common';
import { describeServiceConventions } from '@genai-platform/common/testing';
import { createAuthDatabase } from '../harness/auth-database.ts';
import type { AuthDatabase } from '../harness/auth-database.ts';
import { startAuth } from '../harness/start-auth.ts';

let database: AuthDatabase | undefined;

afterAll(() => database?.close());

describeServiceConventions('auth', {
  start: async () => startAuth((database ??= await createAuthDatabase()), { clock: systemClock }),
  parameters: { token: 'ev_12345678' },
});
