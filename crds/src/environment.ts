import { z } from 'zod';
import { keyReference } from './schema/references.ts';
import { withMeta, withRules } from './schema/rule.ts';
import { text } from './schema/text.ts';

/** Variables that the operator sets by itself: what they say follows from other fields. */
export const reservedEnvironment = {
  prefixes: ['DATABASE_', 'REDIS_', 'SERVICE_', 'SHUTDOWN_', 'OTEL_EXPORTER_', 'GATEWAY_RATE_LIMIT_', 'AUTH_'],
  names: [
    'HTTP_HOST',
    'HTTP_PORT',
    'IDENTITY_KEY_FILE',
    'GATEWAY_ROUTES',
    'GATEWAY_AUTH_URL',
    'GATEWAY_BOOTSTRAP_KEY_FILE',
    'GATEWAY_CORS_ORIGINS',
    'GATEWAY_TRUSTED_PROXY_HOPS',
    'LLM_SETTINGS_FILE',
    'LLM_EMBEDDED',
    'RAG_LLM_ROUTER_URL',
    'RAG_FORMAT_CONVERSION_URL',
  ],
} as const;

const reserved = [
  ...reservedEnvironment.prefixes.map((prefix) => `self.startsWith('${prefix}')`),
  `self in ${JSON.stringify(reservedEnvironment.names).replaceAll('"', "'")}`,
].join(' || ');

const variableName = withRules(
  text({
    max: 128,
    pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
    message: 'must be the name of a variable: letters, digits and "_", for example LOG_LEVEL',
  }),
  {
    rule: `!(${reserved})`,
    message: 'the operator sets this variable itself, from other fields; see the reference for which it sets',
    reason: 'FieldValueForbidden',
  },
);

const valueSource = withRules(
  z.object({
    secretKeyRef: keyReference('Secret').describe('The value is in a Secret.').optional(),
    configMapKeyRef: keyReference('ConfigMap').describe('The value is in a ConfigMap.').optional(),
  }),
  {
    rule: 'has(self.secretKeyRef) != has(self.configMapKeyRef)',
    message: 'give exactly one of secretKeyRef, configMapKeyRef',
  },
);

const variable = withRules(
  z.object({
    name: variableName.describe('Name of the variable.'),
    value: z.string().max(4096).describe('The value itself; never a secret one.').optional(),
    valueFrom: valueSource.describe('Where the value is.').optional(),
  }),
  { rule: 'has(self.value) != has(self.valueFrom)', message: 'give exactly one of value, valueFrom' },
);

export const environment = withMeta(z.array(variable).max(64), {
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
}).describe(
  'Further environment variables, in the order of their names after those of the operator. The operator alone sets ' +
    `${[...reservedEnvironment.prefixes.map((prefix) => `${prefix}*`), ...reservedEnvironment.names].join(', ')}.`,
);

export type EnvironmentVariable = z.infer<typeof variable>;
