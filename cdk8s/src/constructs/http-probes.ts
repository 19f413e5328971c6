import { k8s } from 'cdk8s-plus-28';

type Probes = Required<Pick<k8s.Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'>>;

/**
 * Asks every second while starting, so that a pod is Ready soon after it can be; afterwards rarely. Liveness is
 * lenient: a busy process must not be killed for it.
 */
export function httpProbes(startupSeconds: number): Probes {
  const get = (path: string): Pick<k8s.Probe, 'httpGet'> => ({
    httpGet: { path, port: k8s.IntOrString.fromString('http') },
  });
  return {
    startupProbe: { ...get('/livez'), periodSeconds: 1, timeoutSeconds: 2, failureThreshold: startupSeconds },
    livenessProbe: { ...get('/livez'), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    readinessProbe: { ...get('/readyz'), periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 },
  };
}
