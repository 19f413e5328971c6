import type { Cases } from './case.ts';
import { dev, search } from './case.ts';

const cpu = (requests: unknown, limits: unknown) =>
  search({ resources: { requests: { cpu: requests }, limits: { cpu: limits } } });
const request = (amounts: Readonly<Record<string, unknown>>) => search({ resources: { requests: amounts } });

export const workloadCases: Cases = {
  accepted: [
    ['a disabled service', search({ enabled: false })],
    ['a fixed number of pods', search({ replicas: 3 })],
    ['bounds of pods', search({ autoscaling: { minReplicas: 2, maxReplicas: 8 } })],
    ['equal bounds', search({ autoscaling: { minReplicas: 2, maxReplicas: 2 } })],
    ['one bound', search({ autoscaling: { maxReplicas: 8 } })],
    ['a target', search({ autoscaling: { targetCPUUtilizationPercentage: 60 } })],
    ['requests below limits', cpu('250m', '1')],
    ['requests equal to limits in another notation', cpu('1000m', 1)],
    ['amounts as numbers', cpu(1, 2)],
    ['an amount with an exponent', request({ memory: '1e9' })],
    ['requests alone', request({ cpu: '2', memory: '4Gi', 'ephemeral-storage': '1Gi' })],
    ['the gateway likewise', dev({ gateway: { replicas: 2, resources: { limits: { memory: '1Gi' } } } })],
    ['a rate limit', dev({ gateway: { rateLimit: { requestsPerSecond: 10, burst: 20 } } })],
    ['equal rate and burst', dev({ gateway: { rateLimit: { requestsPerSecond: 10, burst: 10 } } })],
    ['origins', dev({ gateway: { cors: { allowedOrigins: ['https://app.example.com', 'http://localhost:3000'] } } })],
    ['any origin', dev({ gateway: { cors: { allowedOrigins: ['*'] } } })],
  ],
  rejected: [
    [
      'replicas and autoscaling',
      search({ replicas: 2, autoscaling: { maxReplicas: 3 } }),
      'give replicas (a fixed number) or autoscaling (bounds), not both',
    ],
    [
      'replicas and autoscaling of the gateway',
      dev({ gateway: { replicas: 2, autoscaling: {} } }),
      'spec.gateway.replicas: Invalid value',
    ],
    ['no pods', search({ replicas: 0 }), 'should be greater than or equal to 1'],
    ['half a pod', search({ replicas: 1.5 }), 'must be of type integer'],
    ['too many pods', search({ replicas: 101 }), 'should be less than or equal to 100'],
    [
      'more pods at least than at most',
      search({ autoscaling: { minReplicas: 5, maxReplicas: 2 } }),
      'minReplicas must not exceed maxReplicas',
    ],
    [
      'a target beyond everything',
      search({ autoscaling: { targetCPUUtilizationPercentage: 101 } }),
      'should be less than or equal to 100',
    ],
    [
      'a target that never rests',
      search({ autoscaling: { targetCPUUtilizationPercentage: 1 } }),
      'should be greater than or equal to 10',
    ],
    ['a request above the limit', cpu('2', '1'), 'the request of cpu must not exceed its limit'],
    ['a request above the limit in another notation', cpu(1, '900m'), 'the request of cpu must not exceed its limit'],
    [
      'more memory requested than allowed',
      search({ resources: { requests: { memory: '2Gi' }, limits: { memory: '2000Mi' } } }),
      'the request of memory must not exceed its limit',
    ],
    [
      'something that is no quantity',
      request({ cpu: 'lots' }),
      'must be a quantity greater than zero, for example 500m',
    ],
    [
      'a quantity with a wrong suffix',
      request({ memory: '1GB' }),
      'must be a quantity greater than zero, for example 512Mi',
    ],
    ['a negative quantity', request({ cpu: '-1' }), 'must be a quantity greater than zero'],
    ['zero', request({ memory: 0 }), 'must be a quantity greater than zero'],
    ['a fraction as a number', request({ cpu: 0.5 }), 'must be of type integer,string'],
    ['an endless quantity', request({ cpu: '1'.repeat(40) }), 'may not be more than 32 bytes'],
    ['a resource that is not offered', request({ 'nvidia.com/gpu': 1 }), 'unknown field'],
    ['an unknown service', dev({ services: { nonsense: {} } }), 'unknown field "spec.services.nonsense"'],
    ['a service switched off by a word', search({ enabled: 'no' }), 'must be of type boolean'],
    ['a gateway switched off', dev({ gateway: { enabled: false } }), 'unknown field "spec.gateway.enabled"'],
    [
      'a burst below the rate',
      dev({ gateway: { rateLimit: { requestsPerSecond: 10, burst: 5 } } }),
      'burst must be at least requestsPerSecond',
    ],
    [
      'a rate of zero',
      dev({ gateway: { rateLimit: { requestsPerSecond: 0 } } }),
      'should be greater than or equal to 1',
    ],
    [
      'an origin with a path',
      dev({ gateway: { cors: { allowedOrigins: ['https://a.example.com/app'] } } }),
      'must be an origin such as https://app.example.com',
    ],
    [
      'an origin without scheme',
      dev({ gateway: { cors: { allowedOrigins: ['a.example.com'] } } }),
      'must be an origin such as',
    ],
    ['no origins', dev({ gateway: { cors: { allowedOrigins: [] } } }), 'should have at least 1 items'],
    ['an origin twice', dev({ gateway: { cors: { allowedOrigins: ['*', '*'] } } }), 'Duplicate value'],
  ],
};
