import { catalogue, type PlatformInput } from '@genai-platform/cdk8s';
import { AdvisedError } from '../machine/advice.ts';

const always = 'gateway';

/** The services that can be chosen. */
export const serviceNames: readonly string[] = catalogue.map(({ name }) => name).filter((name) => name !== always);

/**
 * The platform to develop on: all services, or those named with what they call. The gateway is always there: it is
 * where a request with a key comes in.
 */
export function developmentPlatform(names: readonly string[]): PlatformInput {
  const wanted = names.length === 0 ? new Set(serviceNames) : withCalled(names);
  const services = Object.fromEntries(
    catalogue
      .filter(({ setting }) => setting !== 'gateway' && setting !== 'auth')
      .map(({ name, setting }) => [setting, { enabled: wanted.has(name) }]),
  );
  const auth = { enabled: wanted.has('auth') };
  return {
    metadata: { name: 'dev', namespace: 'dev', uid: '00000000-0000-0000-0000-000000000000' },
    spec: { profile: 'dev', auth, services },
  };
}

function withCalled(names: readonly string[]): ReadonlySet<string> {
  const wanted = new Set<string>();
  const pending = [...names];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const entry = catalogue.find((candidate) => candidate.name === name);
    if (entry === undefined) {
      throw new AdvisedError(`there is no service "${name}"`, `Choose from: ${serviceNames.join(', ')}.`);
    }
    if (wanted.has(name)) continue;
    wanted.add(name);
    if (name !== always && entry.calls !== '*') pending.push(...entry.calls);
  }
  return wanted;
}
