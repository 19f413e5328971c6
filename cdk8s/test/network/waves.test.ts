import { catalogue } from '@genai-platform/cdk8s';
import type { CatalogueEntry } from '@genai-platform/cdk8s';
import { wavesOf } from '../../src/network/waves.ts';
import type { WorkloadSettings } from '../../src/settings/workload-settings.ts';

function workload(name: string, calls: CatalogueEntry['calls']): WorkloadSettings {
  const [template] = catalogue;
  if (template === undefined) throw new Error('the catalogue is empty');
  const entry = { ...template, name, calls };
  return {
    entry,
    replicas: { kind: 'fixed', count: 1 },
    resources: { requests: {}, limits: {} },
    env: [],
    scheduling: {},
  };
}

const names = (waves: readonly (readonly WorkloadSettings[])[]) =>
  waves.map((wave) => wave.map(({ entry }) => entry.name));

test('a workload comes after those that it calls, and others beside it', () => {
  const workloads = [
    workload('gateway', '*'),
    workload('rag', ['search', 'llm']),
    workload('search', []),
    workload('llm', []),
  ];
  expect(names(wavesOf(workloads))).toEqual([['search', 'llm'], ['rag'], ['gateway']]);
});

test('a call of a workload that is disabled does not count', () => {
  expect(names(wavesOf([workload('rag', ['search'])]))).toEqual([['rag']]);
});

test('workloads that call each other are an error that names them', () => {
  expect(() => wavesOf([workload('a', ['b']), workload('b', ['a'])])).toThrow('these workloads call each other: a, b');
});
