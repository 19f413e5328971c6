import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutRoot } from '../machine/checkout.ts';

/** One place in the sources, and the mistake that is made there. */
export interface Patch {
  /** From the root of the checkout. */
  readonly file: string;
  /** Occurs there once. */
  readonly find: string;
  readonly replace: string;
}

/** A class of bugs that operators are known for, put back in: the suite is worth something if it turns red. */
export interface Mutant {
  readonly name: string;
  readonly what: string;
  readonly patches: readonly Patch[];
  /** Plans of which at least one must fail. */
  readonly caughtBy: readonly string[];
}

const runtime = (file: string): string => `operator/src/runtime/${file}`;

export const mutants: readonly Mutant[] = [
  {
    name: 'name-not-uid',
    what: 'objects are told apart by name instead of UID',
    patches: [
      {
        file: runtime('object-client.ts'),
        find: 'const options = { preconditions: { uid: request.uid }, propagationPolicy:',
        replace: 'const options = { propagationPolicy:',
      },
      {
        file: runtime('reconcile/context.ts'),
        find: 'const same = live?.metadata.uid === uid && live.metadata.generation === generation;',
        replace: 'const same = live?.metadata.name === this.object.metadata.name;',
      },
      {
        file: runtime('reconcile/context.ts'),
        find: 'if (!same || live.metadata.deletionTimestamp !== deletionTimestamp) {',
        replace: 'if (!same) {',
      },
    ],
    caughtBy: ['3/restart'],
  },
  {
    name: 'swallowed-finalizer-error',
    what: 'an error while finalizing does not keep the finalizer',
    patches: [
      {
        file: runtime('reconcile/reconciler.ts'),
        find: 'const outcome = await pursue(this.#controller.finalize, extended);',
        replace:
          "const outcome: Outcome = await pursue(this.#controller.finalize, extended).catch(() => ({ type: 'done', message: '' }));",
      },
    ],
    caughtBy: ['8/undeletable'],
  },
  {
    name: 'ignored-410',
    what: 'a watch that cannot be resumed is tried again from the same version',
    patches: [
      {
        file: runtime('cache/reflector.ts'),
        find: 'if (isGone(error) || isNotFound(error)) this.#mustList = true;',
        replace: 'if (isNotFound(error)) this.#mustList = true;',
      },
    ],
    caughtBy: ['6/http'],
  },
  {
    name: 'no-dedupe',
    what: 'each change of an object is a look at it, however many come at once',
    patches: [
      {
        file: runtime('queue/work-queue.ts'),
        find: 'if (this.#processing.has(key)) this.#again.set(key, moreUrgent(this.#again.get(key), priority));',
        replace:
          'if (this.#processing.has(key) || this.#queued.has(key)) setTimeout(() => this.add(key, priority), 20);',
      },
    ],
    caughtBy: ['14/burst'],
  },
  {
    name: 'seized',
    what: "an object of somebody else is taken for the operator's own",
    patches: [
      {
        file: runtime('apply/owner.ts'),
        find: 'return controller ? controller.uid === ownerUid : live.metadata.labels?.[ownership.ownerLabel] === ownerUid;',
        replace: 'return controller ? controller.uid === ownerUid : ownership.ownerLabel !== ownerUid;',
      },
    ],
    caughtBy: ['7/foreign'],
  },
  {
    name: 'replicas-under-autoscaler',
    what: 'replicas are written although an autoscaler decides them',
    patches: [
      {
        file: 'cdk8s/src/constructs/deployment-spec.ts',
        find: "...(replicas.kind === 'fixed' && { replicas: replicas.count }),",
        replace: "replicas: replicas.kind === 'fixed' ? replicas.count : replicas.min,",
      },
    ],
    caughtBy: ['7/autoscaled'],
  },
];

/** The text of a patched file. @throws Error when the sources have moved on and the place is not there once. */
export function patched(text: string, { file, find, replace }: Patch): string {
  if (text.split(find).length !== 2) throw new Error(`${file} does not hold once: ${find}`);
  return text.replace(find, () => replace);
}

/** Has every module that is loaded from now on come with the mutant's patches. */
export function infect({ patches }: Mutant): void {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const path = url.startsWith('file:') ? fileURLToPath(url) : '';
      const mine = patches.filter(({ file }) => join(checkoutRoot, file) === path);
      if (mine.length === 0) return loaded;
      return { ...loaded, source: mine.reduce(patched, readFileSync(path, 'utf8')) };
    },
  });
}
