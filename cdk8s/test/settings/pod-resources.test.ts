import { podResources } from '../../src/settings/pod-resources.ts';

const defaults = { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } };

test('nothing given is the profile', () => {
  expect(podResources(defaults, undefined)).toStrictEqual(defaults);
});

test('what is given replaces the profile, amount by amount', () => {
  expect(podResources(defaults, { requests: { cpu: 0.5 }, limits: { 'ephemeral-storage': '1Gi' } })).toStrictEqual({
    requests: { cpu: '0.5', memory: '128Mi' },
    limits: { cpu: '1', memory: '512Mi', 'ephemeral-storage': '1Gi' },
  });
});

test('a request above the limit of the profile raises the limit', () => {
  expect(podResources(defaults, { requests: { memory: '2Gi' } }).limits).toMatchObject({ memory: '2Gi' });
});

test('a limit below the request of the profile lowers the request', () => {
  expect(podResources(defaults, { limits: { cpu: '50m' } }).requests).toMatchObject({ cpu: '50m' });
});
