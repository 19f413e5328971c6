import { watch } from 'node:fs';
import { join } from 'node:path';

/** Editors write a file in several steps, and a checkout of another branch writes many files. */
const quietMs = 200;

/**
 * Calls back with the changed files, relative to the folder, once no further change came for 0.2 s. Sees the source
 * and the migrations of a workspace; what is built from them does not count.
 */
export function watchWorkspace(folder: string, onChange: (files: readonly string[]) => void): { close(): void } {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    if (name === null || !/^(src|migrations)\/.*\.[a-z]+$/.test(name)) return;
    changed.add(join(name));
    clearTimeout(timer);
    timer = setTimeout(() => {
      const files = [...changed].sort();
      changed.clear();
      onChange(files);
    }, quietMs);
  });
  return {
    close: () => {
      clearTimeout(timer);
      watcher.close();
    },
  };
}
