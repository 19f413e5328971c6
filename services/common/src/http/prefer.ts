/** How a client wants a long request to be answered (RFC 7240). */
export interface Preference {
  /** `respond-async`: a 202 is welcome. */
  readonly respondAsync: boolean;
  /** `wait=n`: for how long the client would rather wait, in seconds. */
  readonly waitSeconds: number | undefined;
}

const MAX_WAIT_SECONDS = 600;

/** Reads the `Prefer` header; what is not understood is ignored, as the RFC demands. */
export function parsePrefer(header: string | string[] | undefined): Preference {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  let respondAsync = false;
  let waitSeconds: number | undefined;
  for (const part of text.split(',')) {
    const [name = '', value = ''] = (part.split(';')[0] ?? '').split('=').map((word) => word.trim());
    if (name.toLowerCase() === 'respond-async') respondAsync = true;
    // The first one counts (RFC 7240 section 2).
    if (name.toLowerCase() === 'wait') waitSeconds ??= seconds(value);
  }
  return { respondAsync, waitSeconds };
}

function seconds(value: string): number | undefined {
  const digits = /^"?(\d{1,9})"?$/.exec(value)?.[1];
  return digits === undefined ? undefined : Math.min(MAX_WAIT_SECONDS, Number(digits));
}
