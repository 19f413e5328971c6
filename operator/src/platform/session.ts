import type { Observed, Rendered } from '@genai-platform/cdk8s';
import { render } from '@genai-platform/cdk8s';
import type { Step, StepContext } from '../runtime/index.ts';
import type { ClusterWords } from './diagnosis/cluster-words.ts';
import type { Diagnosis } from './diagnosis/diagnosis.ts';
import type { Platform } from './kinds.ts';
import type { Prober } from './verification/prober.ts';

/** What the installation decides for every platform. */
export interface Installation {
  /** Version of the platform's images where a platform names none. */
  readonly release: string;
  /** Registry of the platform's images where a platform names none. */
  readonly imageRegistry: string;
  readonly operator: Observed['operator'];
}

/** What the steps need beyond the cluster itself. */
export interface PlatformDeps {
  readonly installation: Installation;
  readonly prober: Prober;
  readonly words: ClusterWords;
}

/** What the first step finds out and rendering rests on. */
export type Facts = Required<Pick<Observed, 'secrets' | 'references'>>;

/** One reconcile of one platform: what its steps share, made anew each time. */
export class Session {
  readonly deps: PlatformDeps;
  /** The platform with what the installation fills in; the object in the cluster stays as its user wrote it. */
  readonly platform: Platform;
  /** What is broken, as opposed to merely on its way. */
  readonly problems: Diagnosis[] = [];
  /** What each step that is not done says, in a sentence. */
  readonly story: string[] = [];
  #facts: Facts | undefined;
  #rendered: Rendered | undefined;

  constructor(object: Platform, deps: PlatformDeps) {
    this.deps = deps;
    const { images, ...spec } = object.spec;
    this.platform = { ...object, spec: { ...spec, images: { registry: deps.installation.imageRegistry, ...images } } };
  }

  /** Says what rendering may rest on; called once, by the step that looked it up. */
  provide(facts: Facts): void {
    this.#facts = facts;
  }

  get facts(): Facts {
    if (!this.#facts) throw new Error('the facts are not known before the secrets step has run');
    return this.#facts;
  }

  /** What the platform becomes; rendered once. */
  get rendered(): Rendered {
    const { release, operator } = this.deps.installation;
    const { metadata, spec } = this.platform;
    // Without the UID nothing is rendered with an owner: who owns what is the runtime's business when it applies.
    const input = { spec, metadata: { name: metadata.name, namespace: metadata.namespace } };
    this.#rendered ??= render(input, { release, operator, ...this.facts });
    return this.#rendered;
  }
}

/** What each step gets beside the runtime's context. */
export interface WithSession {
  readonly session: Session;
}

export type PlatformContext = StepContext<Platform> & WithSession;
export type PlatformStep = Step<Platform, WithSession>;
