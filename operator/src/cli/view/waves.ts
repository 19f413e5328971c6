import { keysOf, render, wantedSecrets } from '@genai-platform/cdk8s';
import type { Platform } from '../../platform/kinds.ts';
import { assumedInstallation } from '../operator-installation.ts';

/** The workloads of a platform, wave by wave in the order of their rollout; by name, in which no secret has a part. */
export function wavesOf({ metadata, spec }: Platform): string[][] {
  const { release, operator } = assumedInstallation({});
  const input = { metadata: { name: metadata.name, namespace: metadata.namespace }, spec };
  const values = wantedSecrets(input).map((secret) => [secret.name, Object.fromEntries(keysOf(secret).map((key) => [key, '-']))] as const); // prettier-ignore
  const { waves } = render(input, { release, operator, secrets: Object.fromEntries(values) });
  return waves.map((wave) => wave.map(({ entry }) => entry.name));
}
