import { setImmediate } from 'node:timers/promises';
import type { Steps } from '../domain/segment/inverter.ts';

/** How long work may keep the event loop: searches wait at most this much longer for it. */
const SLICE_MS = 6;

/** Runs long work in slices, so that requests are answered in between. */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  let started = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - started < SLICE_MS) continue;
    await setImmediate();
    started = performance.now();
  }
}
