import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs inside an image while it is built: loads every program once, so that V8's compiled code is kept in
 * NODE_COMPILE_CACHE. Without configuration a program ends as soon as it is loaded.
 */
const programs = readdirSync(import.meta.dirname).filter((name) => /^(?!chunk-|warm-up).*\.js$/.test(name));
for (const program of programs) {
  spawnSync(process.execPath, [join(import.meta.dirname, program)], { timeout: 10_000 });
}
const cache = process.env['NODE_COMPILE_CACHE'] ?? '';
if (readdirSync(cache).length === 0) throw new Error(`Nothing was compiled into ${cache}: ${programs.join(', ')}`);
