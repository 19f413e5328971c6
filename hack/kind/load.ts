import type { Checkout } from '../machine/checkout.ts';
import { exec } from '../machine/exec.ts';
import type { GoOptions } from '../machine/go.ts';
import { kindPath } from './tools.ts';

/** Makes images of the Docker engine available on every node of the cluster; those that are there cost nothing. */
export async function loadImages(
  checkout: Checkout,
  images: readonly string[],
  options: GoOptions = {},
): Promise<void> {
  if (images.length === 0) return;
  const { say: _say, ...rest } = options;
  const target = ['--name', checkout.clusterName];
  await exec(await kindPath(options), ['load', 'docker-image', ...images, ...target], {
    ...rest,
    deadlineMs: 10 * 60_000,
  });
}
