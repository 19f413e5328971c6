import { z } from 'zod';
import { keyReference } from './schema/references.ts';
import { withMeta, withRules } from './schema/rule.ts';
import { hostName } from './schema/text.ts';

const network = withRules(z.string().max(43), {
  rule: 'isCIDR(self)',
  message: 'must be a network in CIDR notation, for example 10.0.0.0/16',
});

const tls = z.object({
  caSecretRef: keyReference('Secret').describe('The certificate of the authority that signed the server, as PEM.'),
});

/** Networks in which a server is. */
export const networks = withMeta(z.array(network).min(1).max(16), { 'x-kubernetes-list-type': 'set' });

/** How a server outside the cluster is reached; always over TLS with the server's name verified. */
export const externalFields = {
  host: hostName().describe('Host name of the server; its certificate must carry this name.'),
  tls: tls.describe('How its certificate is verified. Default: by the authorities that Node.js trusts.').optional(),
  networks: networks
    .describe('Networks that it is in; the network policies let nothing else through. Default: any.')
    .optional(),
};

/** The port of such a server. */
export function externalPort(usual: number): z.ZodOptional<z.ZodInt> {
  return z.int().min(1).max(65_535).describe(`Port of the server. Default ${usual}.`).optional();
}
