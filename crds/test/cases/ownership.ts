import type { Cases } from './case.ts';
import { dev } from './case.ts';

const ignoring = (...fields: readonly unknown[]): object => ({ ignore: [{ kind: 'Deployment', fields }] });
const notAPath = 'must be the path of a field, as status.drift has it';

/** What is done about objects and fields of others. */
export const ownershipCases: Cases = {
  accepted: [
    ['taking over what exists', dev({ adopt: true })],
    ['taking over nothing', dev({ adopt: false })],
    ['ignoring a field of all of a kind', dev({ drift: ignoring('spec.replicas') })],
    [
      'ignoring fields of one object',
      dev({ drift: { ignore: [{ kind: 'Service', name: 'acme-gateway', fields: ['spec.type', 'spec.ports'] }] } }),
    ],
    [
      'ignoring an annotation',
      dev({ drift: ignoring('metadata.annotations["example.com/key"]', 'metadata.labels.team') }),
    ],
    ['ignoring an element of a list', dev({ drift: ignoring('spec.template.spec.containers[name=search].image') })],
    ['ignoring a port', dev({ drift: ignoring('spec.ports[port=8000,protocol=TCP].nodePort') })],
    ['ignoring an index', dev({ drift: ignoring('spec.template.spec.containers[name=search].args[0]') })],
    ['passwords that are replaced every month', dev({ secrets: { rotation: { intervalDays: 30 } } })],
    ['passwords that stay', dev({ secrets: {} })],
    ['ignoring nothing', dev({ drift: { ignore: [] } })],
  ],
  rejected: [
    ['an adoption in words', dev({ adopt: 'yes' }), 'must be of type boolean'],
    ['passwords of no age', dev({ secrets: { rotation: { intervalDays: 0 } } }), 'greater than or equal to 1'],
    ['ignoring whole objects', dev({ drift: { ignore: [{ kind: 'Deployment' }] } }), 'fields: Required value'],
    ['ignoring no field', dev({ drift: ignoring() }), 'should have at least 1 items'],
    ['ignoring a whole specification', dev({ drift: ignoring('spec') }), notAPath],
    ['ignoring all labels, the mark of the owner too', dev({ drift: ignoring('metadata.labels') }), notAPath],
    ['ignoring the status', dev({ drift: ignoring('status.replicas') }), notAPath],
    ['ignoring a JSON pointer', dev({ drift: ignoring('/spec/replicas') }), notAPath],
    ['ignoring a path with a wildcard', dev({ drift: ignoring('spec.*') }), notAPath],
    ['ignoring the same field twice', dev({ drift: ignoring('spec.a', 'spec.a') }), 'Duplicate value: "spec.a"'],
    [
      'ignoring Secrets, by whose values pods restart',
      dev({ drift: { ignore: [{ kind: 'Secret', fields: ['data.key'] }] } }),
      'Unsupported value: "Secret"',
    ],
  ],
};
