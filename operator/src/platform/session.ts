import { createHash } from 'node:crypto';
import type { Observed, Rendered, Revision, RolloutSettings } from '@genai-platform/cdk8s';
import { render, resolveRollout } from '@genai-platform/cdk8s';
import type { Rollback } from '@genai-platform/crds';
import type { Step, StepContext } from '../runtime/index.ts';
import type { ClusterWords } from './diagnosis/cluster-words.ts';
import type { Diagnosis } from './diagnosis/diagnosis.ts';
import type { Platform } from './kinds.ts';
import type { Installation } from './installation.ts';
import type { Outlines } from './outline.ts';
import { renderable } from './renderable.ts';
import type { EffectivePlatform } from './revisions/effective-platform.ts';
import { describeRollback } from './revisions/describe-rollback.ts';
import type { SecretValues } from './secrets/secret-data.ts';
import type { Prober } from './verification/prober.ts';

/** What the steps need beyond the cluster itself. */
export interface PlatformDeps {
  readonly installation: Installation;
  readonly prober: Prober;
  readonly words: ClusterWords;
}

/** What the first step finds out and rendering rests on. */
export type Facts = Required<Pick<Observed, 'secrets' | 'references'>>;

/** What rendering rests on, and what comes of it. */
interface Known {
  readonly facts: Facts;
  readonly inputs: string;
  readonly outline: Rendered;
}

/** One reconcile of one platform: what its steps share, made anew each time. */
export class Session {
  readonly deps: PlatformDeps;
  /** What is to be made so; the object in the cluster stays as its user wrote it. */
  readonly platform: Platform;
  /** What the specification asks for, also while an earlier revision is in effect. */
  readonly wanted: Revision;
  readonly rollback: Rollback | undefined;
  /** The record of the revision that should be in effect is gone. */
  readonly lost: boolean;
  readonly rollout: RolloutSettings;
  /** What is broken, as opposed to merely on its way. */
  readonly problems: Diagnosis[] = [];
  /** What each step that is not done says, in a sentence. */
  readonly story: string[] = [];
  /** Of each generated Secret that exists: the version that its values were read from. */
  readVersions: ReadonlyMap<string, string> = new Map();
  /** What the user gives of the platform's Secrets, by their names and keys. */
  given: ReadonlyMap<string, SecretValues> = new Map();
  readonly #outlines: Outlines;
  #known: Known | undefined;
  #rendered: Rendered | undefined;

  constructor({ platform, wanted, rollback, lost }: EffectivePlatform, deps: PlatformDeps, outlines: Outlines) {
    this.deps = deps;
    this.#outlines = outlines;
    this.platform = platform;
    this.wanted = wanted;
    this.rollback = rollback;
    this.lost = lost;
    this.rollout = resolveRollout(platform.spec);
    if (rollback) this.problems.push({ reason: 'RolledBack', message: describeRollback(rollback) });
  }

  /** Says what rendering may rest on; called by the step that looked it up, before any other. */
  provide(facts: Facts): void {
    const { metadata, spec } = this.platform;
    const text = JSON.stringify([metadata.name, metadata.namespace, spec, facts, this.deps.installation]);
    const inputs = createHash('sha256').update(text).digest('base64url');
    this.#rendered = undefined;
    this.#known = { facts, inputs, outline: this.#outlines.of(metadata.uid ?? '', inputs, () => this.#render(facts)) };
  }

  /** Whether it is known by now what the platform becomes. */
  get isKnown(): boolean {
    return this.#known !== undefined;
  }

  get facts(): Facts {
    return this.#required().facts;
  }

  /** A digest of everything that rendering depends on. */
  get inputs(): string {
    return this.#required().inputs;
  }

  /** What the platform becomes, by name only: cheap, also for a platform that rests. */
  get outline(): Rendered {
    return this.#required().outline;
  }

  /** What the platform becomes, whole: only for what has to be written or compared. */
  get rendered(): Rendered {
    return (this.#rendered ??= this.#render(this.facts));
  }

  #render(facts: Facts): Rendered {
    const { metadata, spec } = this.platform;
    const { release, operator } = this.deps.installation;
    // Without the UID nothing is rendered with an owner: who owns what is the runtime's business when it applies.
    const input = { spec, metadata: { name: metadata.name, namespace: metadata.namespace } };
    return (this.#rendered = renderable(() => render(input, { release, operator, ...facts })));
  }

  #required(): Known {
    if (!this.#known) throw new Error('the facts are not known before the secrets step has run');
    return this.#known;
  }
}

/** What each step gets beside the runtime's context. */
export interface WithSession {
  readonly session: Session;
}

export type PlatformContext = StepContext<Platform> & WithSession;
export type PlatformStep = Step<Platform, WithSession>;
