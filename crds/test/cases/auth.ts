import type { Cases } from './case.ts';
import { dev } from './case.ts';

const auth = (fields: Readonly<Record<string, unknown>>) => dev({ auth: fields });
const smtp = (more: Readonly<Record<string, unknown>>) =>
  auth({ smtp: { host: 'mail.example.com', from: 'no-reply@example.com', ...more } });

export const authCases: Cases = {
  accepted: [
    ['no accounts', auth({ enabled: false })],
    ['who may register', auth({ signUp: 'BetaToken', emailVerification: 'Required' })],
    ['lifetimes', auth({ tokens: { accessTokenSeconds: 60, refreshTokenSeconds: 300, sessionSeconds: 300 } })],
    [
      'a mail server',
      smtp({
        port: 465,
        security: 'TLS',
        credentialsSecretRef: { name: 'smtp' },
        caSecretRef: { name: 'smtp-ca', key: 'ca.crt' },
      }),
    ],
    ['pages', auth({ publicUrl: 'https://ai.example.com', passwordResetUrl: 'https://app.example.com/reset' })],
  ],
  rejected: [
    ['a policy that there is not', auth({ signUp: 'Everybody' }), 'supported values: "Open", "BetaToken", "Closed"'],
    ['access for a day', auth({ tokens: { accessTokenSeconds: 86_400 } }), 'should be less than or equal to 3600'],
    [
      'a session shorter than its token',
      auth({ tokens: { refreshTokenSeconds: 600, sessionSeconds: 300 } }),
      'sessionSeconds must be at least refreshTokenSeconds',
    ],
    ['mail from nobody', auth({ smtp: { host: 'mail.example.com' } }), 'spec.auth.smtp.from: Required value'],
    ['mail from a name', smtp({ from: 'Example' }), 'must be an e-mail address'],
    ['a page that is none', auth({ publicUrl: 'ai.example.com' }), 'must be an http or https URL'],
    ['a page with a query', auth({ passwordResetUrl: 'https://a.example?x=1' }), 'URL without a query'],
    ['replicas twice', auth({ replicas: 1, autoscaling: { maxReplicas: 2 } }), 'not both'],
  ],
};
