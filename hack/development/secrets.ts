import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wantedSecrets, type PlatformInput } from '@genai-platform/cdk8s';
import { completeSecret, type SecretValues } from '@genai-platform/operator/secrets';

/**
 * The generated values of a platform, made as the operator makes them and kept below `directory` as
 * `<secret>/<key>`: what exists stays as it is.
 */
export async function keepSecrets(platform: PlatformInput, directory: string): Promise<Record<string, SecretValues>> {
  const secrets: Record<string, SecretValues> = {};
  const now = new Date();
  // In the order of the list: an authority comes before what it signs.
  for (const wanted of wantedSecrets(platform)) {
    const folder = join(directory, wanted.name);
    const found = await readValues(folder);
    const values = await completeSecret(wanted, { secrets: { ...secrets, [wanted.name]: found }, now });
    await writeValues(folder, values);
    secrets[wanted.name] = values;
  }
  return secrets;
}

async function readValues(folder: string): Promise<SecretValues> {
  const keys = await readdir(folder).catch(() => []);
  const entries = keys.map(async (key) => [key, await readFile(join(folder, key), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function writeValues(folder: string, values: SecretValues): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [key, value] of Object.entries(values)) await writeFile(join(folder, key), value, { mode: 0o600 });
}
