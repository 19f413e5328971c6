import { posix } from 'node:path';
import { importsOf } from './import-rules.ts';
import type { SourceFile } from './import-rules.ts';

/**
 * Files that import each other in a circle, each circle once, as the list of its paths.
 * Type-only circles count too: they make a file impossible to read on its own.
 */
export function importCycles(files: readonly SourceFile[]): string[][] {
  const known = new Set(files.map((file) => file.path));
  const edges = new Map(files.map((file) => [file.path, relativeImports(file, known)]));
  const done = new Set<string>();
  const cycles: string[][] = [];

  const visit = (path: string, trail: string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      cycles.push([...trail.slice(at), path]);
      return;
    }
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };

  for (const path of edges.keys()) visit(path, []);
  return cycles;
}

function relativeImports(file: SourceFile, known: ReadonlySet<string>): string[] {
  return importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(file.path), specifier))
    .filter((path) => known.has(path));
}
