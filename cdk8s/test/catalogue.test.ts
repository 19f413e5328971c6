import { catalogue, namesOf } from '@genai-platform/cdk8s';
import { maxPlatformNameLength, profileDefaults, serviceDescriptions } from '@genai-platform/crds';

const names = catalogue.map(({ name }) => name);

test('every service of the resource is in the catalogue once, with auth and the gateway', () => {
  const settings = catalogue.map(({ setting }) => setting).sort();
  expect(settings).toEqual(['gateway', 'auth', ...Object.keys(serviceDescriptions)].sort());
});

test('a name is the setting in kebab case', () => {
  for (const { name, setting } of catalogue) {
    expect(name).toBe(setting.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
  }
});

test('no two workloads share a port or a prefix', () => {
  for (const values of [catalogue.map(({ port }) => String(port)), catalogue.flatMap(({ prefixes }) => prefixes)]) {
    expect(new Set(values).size).toBe(values.length);
  }
});

test('calls go to workloads of the catalogue', () => {
  const called = catalogue.flatMap(({ calls }) => (calls === '*' ? [] : calls));
  expect(called.filter((name) => !names.includes(name))).toEqual([]);
});

test('a verification asks a path of the workload', () => {
  for (const { prefixes, verification } of catalogue) {
    expect(prefixes.some((prefix) => verification.path.startsWith(prefix))).toBe(true);
  }
});

test('only a workload that needs the cache has keys there, and each key is of one workload', () => {
  const keys = catalogue.flatMap(({ cacheKeys = [] }) => cacheKeys);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { needs, cacheKeys } of catalogue) expect(needs.includes('redis')).toBe(cacheKeys !== undefined);
});

test('every size exists in every profile', () => {
  for (const { size } of catalogue) {
    for (const { workloads } of Object.values(profileDefaults)) expect(workloads).toHaveProperty(size);
  }
});

test('the longest platform name leaves room for the longest workload, its Jobs and their hash', () => {
  const planned = ['document-extraction', 'personalization', 'conversational', 'classification'];
  const { migration, databaseLogin } = namesOf('p'.repeat(maxPlatformNameLength));
  for (const name of [...names, ...planned]) {
    expect(`${migration(name)}-01234567`.length).toBeLessThanOrEqual(63);
    expect(databaseLogin(name).length).toBeLessThanOrEqual(63);
  }
});
