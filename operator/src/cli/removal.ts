/**
 * The merge patch (RFC 7386) that removes these fields, each given by its path of plain names (`spec.images.tag`) or
 * quoted ones (`spec.x["a.b"]`). An element of a list has no such path: its list is replaced as a whole, not here.
 */
export function removalOf(paths: readonly string[]): object {
  const patch: Record<string, unknown> = {};
  for (const path of paths) {
    const names = namesIn(path);
    let place = patch;
    for (const name of names.slice(0, -1)) place = (place[name] ??= {}) as Record<string, unknown>;
    const last = names.at(-1);
    if (last !== undefined) place[last] = null;
  }
  return patch;
}

function namesIn(path: string): string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|[^.[\]]+/g)].map(([name, quoted]) => quoted ?? name);
}
