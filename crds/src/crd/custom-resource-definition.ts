import { api } from '../api.ts';
import { nameRules } from '../platform.ts';
import { spec } from '../spec.ts';
import { status } from '../status/status.ts';
import { structuralSchema } from './structural-schema.ts';

/** What `kubectl get genai` shows: is it up, which version, what is it doing, how old is it. */
const printerColumns = [
  { name: 'Profile', type: 'string', jsonPath: '.spec.profile', description: 'Profile of the platform' },
  { name: 'Version', type: 'string', jsonPath: '.status.version', description: 'Version in effect' },
  {
    name: 'Ready',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].status',
    description: 'Whether every workload answered a real request',
  },
  { name: 'Status', type: 'string', jsonPath: '.status.summary', description: 'What it is doing or waiting for' },
  { name: 'Services', type: 'string', jsonPath: '.status.services', description: 'Workloads that are ready, of all' },
  { name: 'URL', type: 'string', jsonPath: '.status.endpoints.external', description: 'Where it answers', priority: 1 },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Time since it was created' },
];

/** The CustomResourceDefinition of a GenAIPlatform. */
export function customResourceDefinition(): Readonly<Record<string, unknown>> {
  const { group, plural, singular, kind, listKind, shortNames, version } = api;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, labels: { 'app.kubernetes.io/part-of': 'genai-platform' } },
    spec: {
      group,
      names: { plural, singular, kind, listKind, shortNames: [...shortNames], categories: ['all'] },
      scope: 'Namespaced',
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: rootSchema() },
          subresources: { status: {} },
          additionalPrinterColumns: printerColumns,
        },
      ],
    },
  };
}

function rootSchema(): object {
  return {
    type: 'object',
    description: 'One gen-AI platform: gateway, services, database and cache, and everything that connects them.',
    required: ['spec'],
    'x-kubernetes-validations': nameRules,
    properties: {
      apiVersion: { type: 'string', description: `Always \`${api.apiVersion}\`.` },
      kind: { type: 'string', description: `Always \`${api.kind}\`.` },
      // Kubernetes' own bound, said again for the estimate of what the rules on the name cost.
      metadata: { type: 'object', properties: { name: { type: 'string', maxLength: 253 } } },
      spec: { ...structuralSchema(spec), description: 'What the platform is to be.' },
      status: { ...structuralSchema(status), description: 'What the platform is; written by the operator.' },
    },
  };
}
