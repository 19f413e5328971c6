import type { Cases } from './case.ts';
import { dev, search } from './case.ts';

const tolerate = (...tolerations: readonly Readonly<Record<string, unknown>>[]) => search({ tolerations });
const zone = { key: 'topology.kubernetes.io/zone', operator: 'In', values: ['a', 'b'] };

export const schedulingCases: Cases = {
  accepted: [
    ['a node selector', search({ nodeSelector: { 'kubernetes.io/arch': 'arm64', pool: '' } })],
    ['a toleration of one taint', tolerate({ key: 'gpu', operator: 'Equal', value: 'yes', effect: 'NoSchedule' })],
    ['a toleration without an operator', tolerate({ key: 'gpu', value: 'yes' })],
    ['a toleration of every taint', tolerate({ operator: 'Exists' })],
    [
      'a toleration for a while',
      tolerate({ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }),
    ],
    [
      'affinity of every kind',
      search({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [zone] }] },
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [zone] } }],
          },
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'a' } } },
            ],
          },
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', namespaces: ['b'] } },
            ],
          },
        },
      }),
    ],
    ['a priority class', search({ priorityClassName: 'high' })],
    ['annotations', search({ annotations: { 'example.com/team': 'search', note: 'any text: really' } })],
    [
      'the same for the database',
      dev({ database: { inCluster: { nodeSelector: { disk: 'ssd' }, priorityClassName: 'data' } } }),
    ],
  ],
  rejected: [
    ['a node label with a wrong key', search({ nodeSelector: { 'a b': 'c' } }), 'every key must be the key of a label'],
    ['a node label with a wrong value', search({ nodeSelector: { a: 'b c' } }), 'must be the value of a label'],
    [
      'a toleration that exists with a value',
      tolerate({ key: 'a', operator: 'Exists', value: 'b' }),
      'a toleration with operator Exists has no value',
    ],
    [
      'a toleration without a key',
      tolerate({ value: 'b' }),
      'a toleration without a key tolerates every taint and needs operator Exists',
    ],
    ['a toleration of nothing', tolerate({}), 'needs operator Exists'],
    [
      'seconds without NoExecute',
      tolerate({ key: 'a', effect: 'NoSchedule', tolerationSeconds: 5 }),
      'tolerationSeconds is for the effect NoExecute only',
    ],
    ['an unknown operator', tolerate({ key: 'a', operator: 'In' }), 'supported values: "Exists", "Equal"'],
    ['an unknown effect', tolerate({ key: 'a', effect: 'Never' }), '"NoSchedule", "PreferNoSchedule", "NoExecute"'],
    ['a misspelt affinity', search({ affinity: { nodeAffinty: {} } }), 'unknown field'],
    [
      'an affinity that weighs too much',
      search({
        affinity: {
          podAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 101, podAffinityTerm: { topologyKey: 'a' } }],
          },
        },
      }),
      'should be less than or equal to 100',
    ],
    [
      'an affinity to nowhere',
      search({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{}] } } }),
      'topologyKey: Required value',
    ],
    [
      'an annotation of the operator',
      search({ annotations: { 'genaiplatform.io/checksum': 'x' } }),
      'annotations under genaiplatform.io/ are set by the operator',
    ],
    [
      'an annotation with a wrong key',
      search({ annotations: { 'a b': 'c' } }),
      'every key must be the key of an annotation',
    ],
    [
      'a priority class with a wrong name',
      search({ priorityClassName: 'High_One' }),
      'must be the name of a Kubernetes object',
    ],
  ],
};
