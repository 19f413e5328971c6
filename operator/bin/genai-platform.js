#!/usr/bin/env node
// The command-line tool: what `npm run build` made of it, or else its sources as they are, which Node reads itself.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { URL, fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`genai-platform needs Node.js 22.19 or newer; this is ${process.version}\n`);
  process.exit(1);
}
const built = new URL('../dist/cli/main.js', import.meta.url);
const source = new URL('../src/cli/main.ts', import.meta.url);
if (existsSync(source)) {
  const flags = ['--conditions=@genai-platform/source', '--disable-warning=ExperimentalWarning'];
  const tool = spawn(process.execPath, [...flags, fileURLToPath(source), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // Ctrl-C reaches the tool itself, which ends in its own way.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
  tool.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
} else {
  await import(built.href);
}
