import type { ProxiedRequest } from '../../../operator/test/harness/fault-proxy.ts';
import type { Holder } from '../writers-audit.ts';
import { auditWriters } from '../writers-audit.ts';

const request = (atMs: number, kind: string): ProxiedRequest => ({
  verb: kind === 'leases' ? 'update' : 'apply',
  kind,
  namespace: 'default',
  name: 'one',
  subresource: '',
  query: new URLSearchParams(),
  atMs,
  status: 200,
  open: false,
  forwarded: true,
});

const holder = (name: string, startedAt: number, requests: readonly ProxiedRequest[]): Holder =>
  ({ name, life: { proxy: { startedAt, requests } } }) as unknown as Holder;

test('whoever has the Lease may write', () => {
  const a = holder('a', 0, [request(1, 'leases'), request(2, 'deployments')]);
  const b = holder('b', 10, [request(0, 'leases'), request(1, 'deployments')]);
  expect(auditWriters([a, b])).toEqual([]);
});

test('what a former leader writes after its successor has taken the Lease is told', () => {
  const a = holder('a', 0, [request(1, 'leases'), request(12, 'deployments')]);
  const b = holder('b', 10, [request(0, 'leases')]);
  expect(auditWriters([a, b])).toEqual(['a wrote apply deployments one while b held the Lease']);
});

test('a Lease that was refused to somebody is not theirs', () => {
  const refused = { ...request(3, 'leases'), status: 409 };
  const a = holder('a', 0, [request(1, 'leases'), request(5, 'deployments')]);
  expect(auditWriters([a, holder('b', 0, [refused, request(4, 'services')])])).toEqual([
    'b wrote apply services one while a held the Lease',
  ]);
});
