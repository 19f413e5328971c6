import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { findBrowser } from '../../hack/browser/browser.ts';

/** What keeps a browser from looking for its maker's servers, which tests have no business with. */
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** Starts a headless Chromium with a profile of its own. @throws Error that says how to get one */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('there is no Chromium: run hack/run hack/browser/main.ts');
  // As root, in a container, it has no sandbox to go into; the pages are our own.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return await chromium.launch({ executablePath, args: [...QUIET, ...asRoot, '--disable-gpu', '--disable-quic'] });
}
