import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutRoot } from './checkout.ts';

/** The platform's version: the tag of its images and the default of `spec.version`. */
export function platformVersion(): string {
  const text = readFileSync(join(checkoutRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
