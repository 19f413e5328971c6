import type { Cases } from './case.ts';
import { search } from './case.ts';

const env = (...variables: readonly Readonly<Record<string, unknown>>[]) => search({ env: variables });
const secretKeyRef = { name: 'settings', key: 'token' };

export const environmentCases: Cases = {
  accepted: [
    ['a value', env({ name: 'LOG_LEVEL', value: 'debug' })],
    ['an empty value', env({ name: 'EMPTY', value: '' })],
    ['a value from a Secret', env({ name: 'TOKEN', valueFrom: { secretKeyRef } })],
    ['a value from a ConfigMap', env({ name: 'SETTING', valueFrom: { configMapKeyRef: secretKeyRef } })],
    ['a variable of the gateway that no field sets', env({ name: 'GATEWAY_MAX_BODY_BYTES', value: '1048576' })],
  ],
  rejected: [
    ['a variable without a value', env({ name: 'A' }), 'give exactly one of value, valueFrom'],
    [
      'a variable with two values',
      env({ name: 'A', value: '1', valueFrom: { secretKeyRef } }),
      'give exactly one of value, valueFrom',
    ],
    ['a value from nowhere', env({ name: 'A', valueFrom: {} }), 'give exactly one of secretKeyRef, configMapKeyRef'],
    [
      'a value from two places',
      env({ name: 'A', valueFrom: { secretKeyRef, configMapKeyRef: secretKeyRef } }),
      'give exactly one of secretKeyRef, configMapKeyRef',
    ],
    [
      'a value from a field',
      env({ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }),
      'unknown field',
    ],
    ['a variable twice', env({ name: 'A', value: '1' }, { name: 'A', value: '2' }), 'Duplicate value'],
    [
      'a name with a dash',
      env({ name: 'LOG-LEVEL', value: '1' }),
      'must be the name of a variable: letters, digits and "_"',
    ],
    ['a name that begins with a digit', env({ name: '1A', value: '1' }), 'must be the name of a variable'],
    [
      'the address of the database',
      env({ name: 'DATABASE_HOST', value: 'db' }),
      'the operator sets this variable itself',
    ],
    [
      'the password of the cache',
      env({ name: 'REDIS_PASSWORD', value: 'x' }),
      'the operator sets this variable itself',
    ],
    ['the port', env({ name: 'HTTP_PORT', value: '80' }), 'the operator sets this variable itself'],
    [
      'the address of traces',
      env({ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://a' }),
      'the operator sets this variable itself',
    ],
    ['a number as a value', env({ name: 'A', value: 1 }), 'must be of type string'],
    [
      'a Secret without a key',
      env({ name: 'A', valueFrom: { secretKeyRef: { name: 'a' } } }),
      'secretKeyRef.key: Required value',
    ],
    [
      'a key with a slash',
      env({ name: 'A', valueFrom: { secretKeyRef: { name: 'a', key: 'b/c' } } }),
      'must be a key of a Secret or ConfigMap',
    ],
  ],
};
