/** Resolves a relationship's target against the part that holds it (ECMA-376 part 2, annex B), without leading slash. */
export function resolvePart(part: string, target: string): string {
  const address = decodeTarget(target);
  const segments = address.startsWith('/') ? [] : part.split('/').slice(0, -1);
  for (const segment of address.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '.' && segment !== '') segments.push(segment);
  }
  return segments.join('/');
}

function decodeTarget(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
