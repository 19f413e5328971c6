import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LlmSettings } from '../../src/configuration/llm-settings.ts';
import { startRouter } from './start-router.ts';
import type { TestRouter } from './start-router.ts';

type Given<T> = T extends readonly (infer Item)[]
  ? readonly Given<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Given<T[Key]> }
    : T;

/** Starts a router without embedded models, with these settings. */
export async function startConfigured(
  settings: Given<LlmSettings>,
  env: Readonly<Record<string, string>> = {},
): Promise<TestRouter> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-settings-'));
  const file = join(folder, 'settings.json');
  writeFileSync(file, JSON.stringify(settings));
  return startRouter({ embedded: false, env: { LLM_SETTINGS_FILE: file, ...env } });
}

/** A file with a provider's key. */
export function keyFile(key: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'provider-key-')), 'api-key');
  writeFileSync(file, `${key}\n`);
  return file;
}
