/**
 * Resource versions are documented as opaque, and from Kubernetes 1.35 on as comparable decimal numbers (KEP-5504),
 * which they have been since the beginning. The runtime compares them for one purpose: never to go back in time.
 * A version that is no number is never called older.
 */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [Number(version), Number(than)];
  return Number.isFinite(a) && Number.isFinite(b) && a < b;
}

/** The newer of two versions; `b` where they cannot be compared. */
export function newer(a: string, b: string): string {
  return isOlder(b, a) ? a : b;
}
