import { z } from 'zod';

/** An address as it may be registered. */
export const EmailAddress = z.email().max(254);

/** What addresses are compared by. No provider's own rules (dots, plus signs): they differ. */
export function emailKey(email: string): string {
  return email.normalize('NFKC').toLowerCase();
}
