import { z } from 'zod';
import { withRules } from './schema/rule.ts';
import { keyReference, secretReference } from './schema/references.ts';
import { hostName, text } from './schema/text.ts';
import { replicasOrAutoscaling, workloadFields } from './workload.ts';

const webAddress = text({
  max: 512,
  pattern: /^https?:\/\/[^\s?#]+$/,
  message: 'must be an http or https URL without a query, for example https://ai.example.com',
});

const tokens = withRules(
  z.object({
    accessTokenSeconds: z
      .int()
      .min(60)
      .max(3600)
      .describe('How long an access token is good for. Default 600.')
      .optional(),
    refreshTokenSeconds: z
      .int()
      .min(300)
      .max(7_776_000)
      .describe('A session that is not used for so long ends. Default 1209600 (14 days).')
      .optional(),
    sessionSeconds: z
      .int()
      .min(300)
      .max(31_536_000)
      .describe('A session ends after this, used or not. Default 7776000 (90 days).')
      .optional(),
    signingKeyDays: z
      .int()
      .min(1)
      .max(365)
      .describe('How long a key signs access tokens before the next one does. Default 30.')
      .optional(),
  }),
  {
    rule: '!has(self.refreshTokenSeconds) || !has(self.sessionSeconds) || self.refreshTokenSeconds <= self.sessionSeconds',
    message: 'sessionSeconds must be at least refreshTokenSeconds',
    fieldPath: '.sessionSeconds',
  },
);

const smtp = z.object({
  host: hostName().describe('Host name of the mail server.'),
  port: z.int().min(1).max(65_535).describe('Default 587.').optional(),
  security: z
    .enum(['TLS', 'StartTLS', 'None'])
    .describe('`TLS` from the first byte on, `StartTLS` demanded (default), or `None`.')
    .optional(),
  from: text({
    max: 254,
    pattern: /^[^\s@<>]+@[^\s@<>]+$/,
    message: 'must be an e-mail address, for example no-reply@example.com',
  }).describe('Address that mails come from.'),
  credentialsSecretRef: secretReference().describe('Secret with the keys `username` and `password`.').optional(),
  caSecretRef: keyReference('Secret')
    .describe('The certificate of the authority that signed the server, as PEM. Default: the public authorities.')
    .optional(),
});

export const auth = withRules(
  z.object({
    enabled: z
      .boolean()
      .describe('Whether there are accounts. Default true; without them the bootstrap API key is the only credential.')
      .optional(),
    ...workloadFields,
    signUp: z
      .enum(['Open', 'BetaToken', 'Closed'])
      .describe(
        'Who may register: anybody, holders of a beta token, nobody (an administrator makes the accounts). Default by profile.',
      )
      .optional(),
    emailVerification: z
      .enum(['Required', 'Optional'])
      .describe(
        'Whether an address must be proved before its owner can sign in. Default `Required` where `smtp` is given.',
      )
      .optional(),
    publicUrl: webAddress
      .describe('Where users reach the platform, for links in mails. Default `https://<ingress host>`.')
      .optional(),
    passwordResetUrl: webAddress
      .describe(
        'A page of yours that takes `?token=` and lets a user choose a password. Default: mails have the token alone.',
      )
      .optional(),
    tokens: tokens.describe('How long tokens, sessions and keys live.').optional(),
    smtp: smtp
      .describe('The server that mails are sent by. Default: none; administrators read mails at `/v1/auth/outbox`.')
      .optional(),
  }),
  replicasOrAutoscaling,
);

export type Auth = z.infer<typeof auth>;
