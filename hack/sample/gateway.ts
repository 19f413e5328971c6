import { hostPort, nodePorts } from '../kind/ports.ts';
import { kubectl } from '../kind/kubectl.ts';
import type { Checkout } from '../machine/checkout.ts';
import { readSample, sample } from './platform.ts';

/** How the sample is reached from this machine. */
export interface Gateway {
  readonly url: string;
  readonly apiKey: string;
}

/** The address of the gateway, and the first credential, which the platform's status names. */
export async function sampleGateway(checkout: Checkout): Promise<Gateway> {
  const { status } = await readSample(checkout);
  const secret = status?.bootstrapAdmin?.secretRef.name;
  if (secret === undefined) throw new Error('the status of the platform names no bootstrap admin');
  const template = ['--output', 'jsonpath={.data.api-key}'];
  const encoded = await kubectl(checkout, ['get', 'secret', secret, '--namespace', sample.namespace, ...template]);
  return {
    url: `http://127.0.0.1:${String(hostPort(checkout, nodePorts.gateway))}`,
    apiKey: Buffer.from(encoded, 'base64').toString(),
  };
}
