import { setTimeout as pause } from 'node:timers/promises';
import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Place, Platform } from '../../operator/test/platform/harness/place.ts';
import { has, isReady } from '../../operator/test/platform/harness/place.ts';

/** The values of a Secret, as they are in it. */
export type SecretValues = Readonly<Record<string, string>>;

/** Something that a user does, and how one sees that it is done. */
export interface Scenario {
  readonly name: string;
  act(place: Place): Promise<unknown>;
  /** Resolves when it is done. @throws with what is so instead. */
  done(place: Place): Promise<unknown>;
  /** What of a Secret that exists when the operator crashes must hold in the end; undefined where it may go. */
  readonly keeps: (secret: string, values: SecretValues) => SecretValues | undefined;
  /** Whether the namespace must be empty in the end, by the garbage collector at last. */
  readonly leavesNothing: boolean;
  /** Waits for a deadline of its own: not part of what runs with every change. */
  readonly slow?: boolean;
}

/** How long a scenario may take, crash included. On a busy machine it takes long, and still ends. */
const LONGEST_MS = 240_000;

const first: GenAIPlatformSpec = { profile: 'dev', deletionPolicy: 'Delete', ingress: { host: 'ai.example.com' } };
const second: GenAIPlatformSpec = { ...first, version: '0.2.0', services: { search: { replicas: 2 } } };

const third: GenAIPlatformSpec = {
  ...second,
  images: { overrides: { gateway: { tag: 'bad' } } },
  rollout: { rollbackPolicy: 'Auto', progressDeadline: '10s' },
};

/** Asks for an image that does not exist: what ran before comes back by itself. */
function askForBadImage(place: Place): Promise<void> {
  const fate = { kind: 'waiting', reason: 'ImagePullBackOff', message: 'not found' } as const;
  place.pods(({ spec }) => (spec.containers[0]?.image.endsWith('gateway:bad') === true ? fate : undefined));
  return place.apply(third);
}

/** Waits until every password of the database and the cache is another, and the last that was before is retired. */
async function isRotated(place: Place): Promise<void> {
  const rotated = ({ status }: Platform): boolean =>
    status?.credentials?.every(({ phase, rotatedAt }) => phase === 'Settled' && rotatedAt !== undefined) === true;
  // The last phase ends with a Job that retires the logins of before; the status has told the phase by then.
  const earlier = new Set<string>();
  for (const deadline = Date.now() + LONGEST_MS; Date.now() < deadline; await pause(200)) {
    const plan = await place.get<{ data?: SecretValues }>('configmaps', 'acme-database-setup');
    const jobs = (await place.list('jobs')).map(({ metadata }) => metadata.name);
    const setups = jobs.filter((name) => name.startsWith('acme-database-setup-'));
    if (plan.data?.['setup.json']?.includes('"retire"') !== true) for (const name of setups) earlier.add(name);
    else if (setups.length === 1 && !setups.some((name) => earlier.has(name))) break;
  }
  await place.until((platform) => rotated(platform) && isReady(platform), LONGEST_MS);
}

/** A password that has been made, and may be valid by now, is the one that is used in the end; nothing else changes. */
function keepsMadePasswords(secret: string, values: SecretValues): SecretValues | undefined {
  if (secret === 'acme-cache-acl') return undefined; // the list of all logins follows from theirs
  if (!/^acme-(cache|database)-/.test(secret) || !('username' in values)) return values;
  if (values['next-password'] !== undefined) return { password: values['next-password'] };
  return values['previous-password'] === undefined || values['password'] === undefined
    ? {}
    : { password: values['password'] };
}

const lasting = { keeps: (_: string, values: SecretValues) => values, leavesNothing: false };
const ready = (place: Place): Promise<unknown> => place.until(isReady, LONGEST_MS);

/** In this order: each begins where the one before ended. A new one is a line here. */
export const scenarios: readonly Scenario[] = [
  { name: 'create', act: (place) => place.apply(first), done: ready, ...lasting },
  { name: 'upgrade', act: (place) => place.apply(second), done: ready, ...lasting },
  {
    name: 'rotation',
    act: (place) => place.annotate('genaiplatform.io/rotate-credentials', 'now'),
    done: isRotated,
    keeps: keepsMadePasswords,
    leavesNothing: false,
    slow: true,
  },
  {
    name: 'rollback',
    act: askForBadImage,
    done: (place) => place.until(has('Stalled', 'True', 'RolledBack'), LONGEST_MS),
    ...lasting,
    slow: true,
  },
  {
    name: 'delete',
    act: (place) => place.delete(),
    done: (place) => place.gone(),
    keeps: () => undefined,
    leavesNothing: true,
  },
];
