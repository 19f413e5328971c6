import { specFields } from '../spec-fields.ts';

const fields = new Map(specFields().map((field) => [field.path, field]));

test('every part of the specification has fields, to its leaves', () => {
  expect([...fields.keys()]).toEqual(
    expect.arrayContaining(['profile', 'services.search.replicas', 'gateway.env[0].name', 'rollout.progressDeadline']),
  );
});

test('the bounds of a field come from its schema', () => {
  expect(fields.get('profile')).toMatchObject({ outside: ['Nonsense'], guessed: false });
  const { inside = [], outside = [] } = fields.get('services.search.autoscaling.targetCPUUtilizationPercentage') ?? {};
  expect(inside).toHaveLength(2);
  expect(outside).toEqual([Number(inside[0]) - 1, Number(inside[1]) + 1]);
});

test('a field is set in a copy, with whatever the schema requires beside it', () => {
  const before = { profile: 'dev' };
  expect(fields.get('services.search.replicas')?.set(before, 2)).toEqual({
    profile: 'dev',
    services: { search: { replicas: 2 } },
  });
  expect(fields.get('gateway.env[0].value')?.set(before, 'x')).toEqual({
    profile: 'dev',
    gateway: { env: [{ name: 'example', value: 'x' }] },
  });
  expect(before).toEqual({ profile: 'dev' });
});
