import type { KubernetesObject, PlatformInput } from '@genai-platform/cdk8s';
import { App, Chart } from 'cdk8s';
import type { Context } from '../../src/context.ts';
import { finish } from '../../src/finish.ts';
import { resolveSettings } from '../../src/settings/settings.ts';
import { aPlatform, observedFor } from './platform.ts';

/** The objects of constructs that `build` adds to a chart in the namespace acme, without an owner. */
export function synthesize(build: (chart: Chart) => void): KubernetesObject[] {
  const chart = new Chart(new App(), 'test', { namespace: 'acme', disableResourceNameHashes: true });
  build(chart);
  return finish(chart, { retainsData: true });
}

/** What constructs are given for a platform. */
export function contextOf(platform: PlatformInput = aPlatform()): Context {
  const observed = observedFor(platform);
  return { settings: resolveSettings(platform, observed.release), observed };
}

/** The labels that an object of the platform acme has beside those of its workload. */
export const platformLabels = {
  'app.kubernetes.io/instance': 'acme',
  'app.kubernetes.io/managed-by': 'genai-operator',
  'app.kubernetes.io/part-of': 'genai-platform',
  'genaiplatform.io/platform': 'acme',
};

/** The labels of an object of one workload. */
export function workloadLabels(workload: string): Record<string, string> {
  return {
    ...platformLabels,
    'app.kubernetes.io/component': workload,
    'app.kubernetes.io/name': workload,
    'genaiplatform.io/workload': workload,
  };
}
