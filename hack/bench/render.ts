import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { objectsOf, render, wantedSecrets } from '@genai-platform/cdk8s';
import { completeSecret } from '@genai-platform/operator/secrets';
import type { Figure } from './figure.ts';
import { median, significant } from './figure.ts';

const ROUNDS = 200;
const spec: GenAIPlatformSpec = { profile: 'dev', ingress: { host: 'ai.example.com' } };
const platform = { spec, metadata: { name: 'acme', namespace: 'acme' } };

/** From a specification to every object of a platform: the first time in a process, and later. */
export async function measureRender(): Promise<Figure[]> {
  const secrets: Record<string, Readonly<Record<string, string>>> = {};
  for (const wanted of wantedSecrets(platform)) {
    secrets[wanted.name] = await completeSecret(wanted, { secrets, now: new Date() });
  }
  const operator = { namespace: 'genai-system', podLabels: { 'app.kubernetes.io/name': 'genai-operator' } };
  let objects = 0;
  const once = (): number => {
    const started = performance.now();
    objects = objectsOf(render(platform, { release: '0.1.0', operator, secrets, references: {} })).length;
    return performance.now() - started;
  };
  const cold = once();
  const warm = Array.from({ length: ROUNDS }, once).slice(ROUNDS / 2);
  return [
    { name: 'render.cold_ms', value: significant(cold), unit: 'ms' },
    { name: 'render.warm_ms', value: significant(median(warm)), unit: 'ms' },
    { name: 'render.objects', value: objects, unit: 'objects' },
  ];
}
