import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'golden');

/** The text of a golden file; `UPDATE_GOLDEN=true npm test -- golden` writes it anew. */
export function golden(name: string, text: string): string {
  const path = join(folder, name);
  if (process.env['UPDATE_GOLDEN'] === 'true') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return readFileSync(path, 'utf8');
}
