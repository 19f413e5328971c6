import { existsSync } from 'node:fs';
import { ensurePackages, type PackageOptions } from '../machine/packages.ts';

/** Where distributions put Chromium and Chrome. */
const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The Chromium that this machine has. @returns its path */
export function findBrowser(): string | undefined {
  return PATHS.find((path) => existsSync(path));
}

/** Makes sure that pages can be tested in a real browser: Debian's Chromium (100 MB to fetch, 20 s) where there is none. */
export async function ensureBrowser(options: PackageOptions = {}): Promise<void> {
  if (findBrowser() === undefined) await ensurePackages(['chromium'], options);
}
