import { createLiveView } from './live-view.ts';
import { createPlainView } from './plain-view.ts';
import type { Output, View } from './view.ts';

/** A view that is kept up to date on a terminal, and one line per event elsewhere (a log, CI). */
export function createView(output: Output): View {
  // A terminal without cursor movement calls itself dumb.
  const live = output.isTTY === true && process.env['TERM'] !== 'dumb';
  return live ? createLiveView(output) : createPlainView(output);
}
