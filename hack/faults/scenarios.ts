import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Place } from '../../operator/test/platform/harness/place.ts';
import { has, isReady } from '../../operator/test/platform/harness/place.ts';

/** Something that a user does, and how one sees that it is done. */
export interface Scenario {
  readonly name: string;
  act(place: Place): Promise<unknown>;
  /** Resolves when it is done. @throws with what is so instead. */
  done(place: Place): Promise<unknown>;
  /** Whether Secrets that exist when the operator crashes must be the same in the end. */
  readonly keepsSecrets: boolean;
  /** Whether the namespace must be empty in the end, by the garbage collector at last. */
  readonly leavesNothing: boolean;
  /** Waits for a deadline of its own: not part of what runs with every change. */
  readonly slow?: boolean;
}

/** How long a scenario may take, crash included. */
const LONGEST_MS = 90_000;

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

const lasting = { keepsSecrets: true, leavesNothing: false };
const ready = (place: Place): Promise<unknown> => place.until(isReady, LONGEST_MS);

/** In this order: each begins where the one before ended. A new one is a line here. */
export const scenarios: readonly Scenario[] = [
  { name: 'create', act: (place) => place.apply(first), done: ready, ...lasting },
  { name: 'upgrade', act: (place) => place.apply(second), done: ready, ...lasting },
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
    keepsSecrets: false,
    leavesNothing: true,
  },
];
