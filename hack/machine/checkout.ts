import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** The root of this checkout. */
export const checkoutRoot: string = realpathSync(join(import.meta.dirname, '..', '..'));

/** Names and places that follow from where the checkout lies, so that several on one machine do not collide. */
export interface Checkout {
  readonly root: string;
  /** Six hexadecimal digits that follow from the path. */
  readonly id: string;
  /** Name of the kind cluster. */
  readonly clusterName: string;
  /** Everything that the commands keep for this cluster; ignored by git. */
  readonly stateDir: string;
  readonly logsDir: string;
  /** The kubeconfig of this cluster, whether it is there or not. */
  readonly kubeconfig: string;
}

/** The checkout's own cluster, or with a name a further one beside it (`--name e2e`). */
export function describeCheckout(name?: string): Checkout {
  const id = createHash('sha256').update(checkoutRoot).digest('hex').slice(0, 6);
  const stateDir =
    name === undefined ? join(checkoutRoot, '.hack') : join(checkoutRoot, '.hack', 'clusters', checked(name));
  return {
    root: checkoutRoot,
    id,
    clusterName: name === undefined ? `genai-${id}` : `genai-${id}-${name}`,
    stateDir,
    logsDir: join(stateDir, 'logs'),
    kubeconfig: join(stateDir, 'kubeconfig'),
  };
}

/** A path inside the state folder whose parents exist. */
export function statePath(checkout: Checkout, ...parts: readonly string[]): string {
  const path = join(checkout.stateDir, ...parts);
  mkdirSync(join(path, '..'), { recursive: true });
  return path;
}

function checked(name: string): string {
  // Node names are <cluster>-control-plane and become host names of at most 63 characters.
  if (/^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/.test(name)) return name;
  throw new Error(`"${name}" is no name for a cluster: use up to 20 lower case letters, digits and hyphens`);
}
