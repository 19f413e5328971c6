import type { Checkout } from '../machine/checkout.ts';
import { exec, type ExecOptions } from '../machine/exec.ts';
import { kubectlPath } from './tools.ts';

/** Runs kubectl against the checkout's cluster and returns what it wrote. */
export async function kubectl(checkout: Checkout, args: readonly string[], options: ExecOptions = {}): Promise<string> {
  return exec(await kubectlPath(), ['--kubeconfig', checkout.kubeconfig, ...args], options);
}
