import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutRoot } from '../../machine/checkout.ts';
import { nextSteps } from '../next-steps.ts';

const platform = {
  name: 'acme',
  namespace: 'genai',
  gatewayUrl: 'http://127.0.0.1:31000',
  kubeconfig: '/state/kubeconfig',
  logsDir: '/state/logs',
};

test('every command that is offered is there', () => {
  const commands = [...nextSteps({ ...platform, clusterName: undefined }).matchAll(/hack\/[a-z]+/g)].map(
    ([path]) => path,
  );
  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands) expect([command, existsSync(join(checkoutRoot, command))]).toEqual([command, true]);
});

test('the JSON that is offered is JSON', () => {
  const bodies = [...nextSteps({ ...platform, clusterName: undefined }).matchAll(/ -[dp] '([^']+)'/g)].map(
    ([, body]) => body,
  );
  expect(bodies).toHaveLength(2);
  for (const body of bodies) expect(() => void JSON.parse(body ?? '')).not.toThrow();
});

test('a cluster with a name of its own is named where it matters', () => {
  const text = nextSteps({ ...platform, clusterName: 'two' });
  expect(text).toContain('export KUBECONFIG=/state/kubeconfig');
  expect(text).toContain('hack/down --name two');
});
