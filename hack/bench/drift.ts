import type { Place } from '../../operator/test/platform/harness/place.ts';
import { isReady } from '../../operator/test/platform/harness/place.ts';
import { World } from '../../operator/test/platform/harness/world.ts';
import type { Figure } from './figure.ts';
import { significant } from './figure.ts';

const rounds = 20;
const label = 'app.kubernetes.io/part-of';

/** One object of each kind that a platform consists of; Jobs aside, which nobody edits once they are done. */
const objects = {
  ConfigMap: ['configmaps', 'acme-ca-bundle'],
  Secret: ['secrets', 'acme-cache-acl'],
  ServiceAccount: ['serviceaccounts', 'acme-search'],
  Service: ['services', 'acme-search'],
  Deployment: ['deployments', 'acme-search'],
  StatefulSet: ['statefulsets', 'acme-cache'],
  HorizontalPodAutoscaler: ['horizontalpodautoscalers', 'acme-search'],
  PodDisruptionBudget: ['poddisruptionbudgets', 'acme-search'],
  NetworkPolicy: ['networkpolicies', 'acme-search'],
  Ingress: ['ingresses', 'acme-edge'],
} as const;

type Disturb = (place: Place, plural: string, name: string) => Promise<() => Promise<boolean>>;

/** A wanted label gets another value. */
const edit: Disturb = async (place, plural, name) => {
  const before = (await place.get(plural, name)).metadata.labels?.[label];
  await place.patch(plural, name, { metadata: { labels: { [label]: 'somebody-else' } } });
  return async () => (await place.get(plural, name)).metadata.labels?.[label] === before;
};

const remove: Disturb = async (place, plural, name) => {
  const { uid } = (await place.get(plural, name)).metadata;
  await place.remove(plural, name);
  return () => place.get(plural, name).then(({ metadata }) => metadata.uid !== uid).catch(() => false); // prettier-ignore
};

/** From the API server's reply to an edit or a delete until it shows the object repaired, of a platform at rest. */
export async function measureDrift(): Promise<Figure[]> {
  const world = await World.start();
  try {
    await world.startOperator();
    const place = await world.place();
    await place.ready({ profile: 'dev', ingress: { host: 'ai.example.com' } });
    const figures: Figure[] = [];
    for (const [kind, [plural, name]] of Object.entries(objects)) {
      for (const [what, disturb] of Object.entries({ edit, delete: remove })) {
        const times = await repairs(place, () => disturb(place, plural, name));
        figures.push(...figuresOf(`drift.${what}`, kind, times));
      }
    }
    return figures;
  } finally {
    await world.stop();
  }
}

async function repairs(place: Place, disturb: () => Promise<() => Promise<boolean>>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await repair(place, disturb));
  return times;
}

async function repair(place: Place, disturb: () => Promise<() => Promise<boolean>>): Promise<number> {
  await place.until(isReady);
  const isRepaired = await disturb();
  const startedAt = performance.now();
  while (!(await isRepaired())) {
    if (performance.now() - startedAt > 60_000) throw new Error('the object was not repaired within 60 s');
  }
  return performance.now() - startedAt;
}

function figuresOf(name: string, kind: string, times: readonly number[]): Figure[] {
  return [0.5, 0.95].map((share) => ({
    name: `${name}_p${share * 100}_ms.${kind}`,
    value: significant(quantile(times, share)),
    unit: 'ms',
  }));
}

/** The smallest measurement that is not below so large a share of all. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
}
