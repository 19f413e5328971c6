import { configMap, secret, serviceAccount } from '../../src/constructs/plain-objects.ts';
import { synthesize } from '../builders/synthesize.ts';

const metadata = { name: 'acme-a', labels: { a: 'b' } };
const expected = { labels: { a: 'b' }, name: 'acme-a', namespace: 'acme' };

test('a Secret holds its values encoded, and can be compared with what is read back', () => {
  expect(synthesize((chart) => secret(chart, metadata, { password: 'geheim' }))).toStrictEqual([
    { apiVersion: 'v1', kind: 'Secret', metadata: expected, type: 'Opaque', data: { password: 'Z2VoZWlt' } },
  ]);
});

test('a ConfigMap holds its values as they are', () => {
  expect(synthesize((chart) => configMap(chart, metadata, { 'a.conf': 'b' }))).toStrictEqual([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: expected, data: { 'a.conf': 'b' } },
  ]);
});

test('a ServiceAccount gives no token to pods', () => {
  expect(synthesize((chart) => serviceAccount(chart, metadata))).toStrictEqual([
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: expected, automountServiceAccountToken: false },
  ]);
});
