import { createHttpProber } from '../../../src/platform/verification/http-prober.ts';
import type { Prober } from '../../../src/platform/verification/prober.ts';

/** The production prober, led to a port of this machine instead of the Service, which it names in a header. */
export function proberLedTo(port: () => number): Prober {
  const production = createHttpProber({ attempts: 2, deadlineMs: 2_000, pauseMs: 10 });
  return {
    probe: (request, signal) => {
      const headers = { ...request.headers, 'x-origin': request.origin };
      return production.probe({ ...request, headers, origin: `http://127.0.0.1:${port()}` }, signal);
    },
  };
}
