import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives all tests of a run one temporary folder; what they leave in it goes with it when the run ends. The name is short:
 * the path of a UNIX socket has at most 107 bytes.
 */
export function useTemporaryFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'jest-'));
  // PostgreSQL does not run as root: its own user must get through.
  chmodSync(folder, 0o755);
  process.env['TMPDIR'] = folder;
}

/** Removes the folder of {@link useTemporaryFolder}. */
export function removeTemporaryFolder(): void {
  const folder = process.env['TMPDIR'];
  delete process.env['TMPDIR'];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
