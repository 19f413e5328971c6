import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { seededDice } from '../../../operator/test/harness/seeded-dice.ts';
import type { EndState } from '../../../operator/test/platform/harness/end-state.ts';
import { differences, endState } from '../../../operator/test/platform/harness/end-state.ts';
import type { Place } from '../../../operator/test/platform/harness/place.ts';
import { isReady } from '../../../operator/test/platform/harness/place.ts';
import { Subject } from '../../../operator/test/platform/harness/subject.ts';
import type { Room } from '../room.ts';
import { rowOf } from '../room.ts';
import type { SpecField } from '../spec-fields.ts';
import { specFields } from '../spec-fields.ts';
import { pause } from '../trial.ts';

/** Without a memory: what is remembered of revisions is the one thing that may depend on what came before. */
const base: GenAIPlatformSpec = {
  profile: 'dev',
  deletionPolicy: 'Delete',
  ingress: { host: 'ai.example.com' },
  rollout: { revisionHistoryLimit: 0 },
};
/** What tells how often something was changed, and not what it became. */
const HISTORY = /^(controllerrevisions|replicasets) |status\.(history|drift)|deployment\.kubernetes\.io\/revision/;
/** Volumes never shrink, and nothing leads back from them; each is a rule of the definition. */
const IRREVERSIBLE = /^(profile$|database\.external|(database|cache)\.inCluster\.storageSize)/;
/** What was there when these are set stays by design, so that they say nothing about how a platform should end. */
const ONLY_BETWEEN =
  /^(suspend|rollout\.paused|deletionProtection|cache\.external|adopt)|\.enabled$|^rollout\.revisionHistoryLimit/;
/** How many pods there are costs machines, and is tried at its bounds without making any. */
const COUNT = /replicas$/i;
const SETTLED_MS = 240_000;
/** Of values that only a rule decides about, so many are asked for: each must have an answer, whichever it is. */
const GUESSES = 3;

/** What the API server says to a specification, without doing anything; undefined if it takes it. */
async function refusal({ world }: Room, namespace: string, spec: object): Promise<string | undefined> {
  const path = `/apis/genaiplatform.io/v1alpha1/namespaces/${namespace}/genaiplatforms/acme?fieldManager=test&force=true&dryRun=All`;
  const metadata = { name: 'acme', namespace };
  const text = JSON.stringify({ apiVersion: 'genaiplatform.io/v1alpha1', kind: 'GenAIPlatform', metadata, spec });
  return world.plane.request('PATCH', path, { contentType: 'application/apply-patch+yaml', text }).then(
    () => undefined,
    (error: unknown) => String(error),
  );
}

/** Each field at its bounds is taken, or refused by a rule that says why; beyond them it is refused. */
async function bounds(room: Room): Promise<string[]> {
  const { namespace } = await room.world.place();
  const every = room.quick ? 12 : 1;
  const problems: string[] = [];
  for (const field of specFields().filter((_, index) => index % every === room.seed % every)) {
    problems.push(...(await boundsOf(field, room, namespace)));
  }
  return problems;
}

async function boundsOf(field: SpecField, room: Room, namespace: string): Promise<string[]> {
  const { path, inside, outside, guessed } = field;
  const problems: string[] = [];
  const ask = (value: unknown): Promise<string | undefined> => refusal(room, namespace, field.set(base, value));
  const wrong = (value: unknown, why = 'taken'): number => problems.push(`${path} = ${show(value)}: ${why}`);
  for (const value of guessed ? inside.slice(0, GUESSES) : inside) {
    const why = await ask(value);
    if (why !== undefined && (!isRefusal(why) || (!guessed && isBound(why, path)))) wrong(value, why);
  }
  for (const value of outside) {
    const why = await ask(value);
    if (why === undefined || !isRefusal(why)) wrong(value, why);
  }
  return problems;
}

/** 500 is what the API server says to a text where its own decoder wants a list or a map. */
function isRefusal(why: string): boolean {
  return /: (400|422|500) /.test(why);
}

/** Whether the field's own bounds are what it was refused for; a rule about several fields is right to speak. */
function isBound(why: string, path: string): boolean {
  return why.includes(`spec.${path}: `) && /Unsupported value|should be (less|greater)|Too (long|many)/.test(why);
}

function show(value: unknown): string {
  return JSON.stringify(value).slice(0, 60);
}

interface Step {
  readonly what: string;
  readonly spec: GenAIPlatformSpec;
}

/** So many changes of single fields that the API server takes, by dice. */
async function changes(
  room: Room,
  namespace: string,
  wanted: { readonly count: number; readonly dice: () => number; readonly between: boolean },
): Promise<Step[]> {
  // prettier-ignore
  const { count, dice, between } = wanted;
  const fields = specFields().filter(({ path }) => !IRREVERSIBLE.test(path) && (between || !ONLY_BETWEEN.test(path)));
  const groups = [...Map.groupBy(fields, ({ path }) => path.split('.')[0] ?? '').values()];
  const steps: Step[] = [];
  for (let tries = 0; steps.length < count && tries < count * 20; tries += 1) {
    // Each part of the specification as often as any other, however many fields it has.
    const field = pick(pick(groups, dice), dice);
    const value = COUNT.test(field.path) ? 2 : pick(field.inside, dice);
    const spec = field.set(base, value) as GenAIPlatformSpec;
    if ((await refusal(room, namespace, spec)) === undefined)
      steps.push({ what: `${field.path} = ${show(value)}`, spec });
  }
  return steps;
}

function pick<T>(list: readonly T[], dice: () => number): T {
  const found = list[Math.floor(dice() * list.length)];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
}

/** Waits until the operator has said what it has to say of the present specification, and writes nothing more. */
async function settle(subject: Subject): Promise<boolean> {
  const ready = await subject.place.until(isReady, SETTLED_MS).then(() => true, () => false); // prettier-ignore
  await subject.quiet(1_000);
  return ready;
}

/** Where a platform ends that is made so at once; undefined where it does not get ready so. */
async function straight(room: Room, spec: GenAIPlatformSpec): Promise<EndState | undefined> {
  const subject = await Subject.open(room.world, room.seed);
  try {
    await subject.start();
    await subject.place.apply(spec);
    if (!(await settle(subject))) return undefined;
    return await endState(room.world.plane, subject.place.namespace);
  } finally {
    await subject.close();
  }
}

/** Fields are set, unset, set to what cannot work, and set right again: only the last specification counts. */
async function sequence(room: Room, seed: number): Promise<readonly string[]> {
  const dice = seededDice(seed);
  const { namespace } = await room.world.place();
  const [last] = await changes(room, namespace, { count: 1, dice, between: false });
  const wanted = last && (await straight(room, last.spec));
  const end: Step = wanted && last ? last : { what: 'as at the beginning', spec: base };
  const reference = wanted ?? (await straight(room, base));
  if (!reference) return ['the platform does not get ready even without any detour'];
  const way = [...(await changes(room, namespace, { count: room.quick ? 4 : 12, dice, between: true })), bad];
  const subject = await Subject.open(room.world, seed);
  try {
    await subject.start();
    await walk(subject, way, dice);
    await subject.place.apply(end.spec);
    const told = `after ${way.map(({ what }) => what).join(', ')}, then ${end.what}`;
    if (!(await settle(subject))) return [`not ready ${told}`];
    const found = await unlikeReference(room, subject.place, reference);
    return found.map((problem) => `${problem} ${told}`);
  } finally {
    await subject.close();
  }
}

const bad: Step = {
  what: 'an image that does not exist',
  spec: { ...base, images: { overrides: { gateway: { tag: 'bad' }, postgres: { tag: 'bad' } } } },
};

/** Applies each specification, sometimes the first one again, and waits for none, a moment, or what comes of it. */
async function walk({ place }: Subject, way: readonly Step[], dice: () => number): Promise<void> {
  const fate = { kind: 'waiting', reason: 'ImagePullBackOff', message: 'not found' } as const;
  place.pods(({ spec }) => (spec.containers[0]?.image.endsWith(':bad') === true ? fate : undefined));
  await place.apply(base);
  for (const { spec } of way) {
    if (dice() < 0.3) await place.apply(base);
    await place.apply(spec);
    await pause([0, 300, 3_000][Math.floor(dice() * 3)] ?? 0);
  }
}

async function unlikeReference({ world }: Room, place: Place, reference: EndState): Promise<string[]> {
  for (const deadline = Date.now() + 30_000; ;) {
    const found = differences(await endState(world.plane, place.namespace), reference).filter((each) => !HISTORY.test(each)); // prettier-ignore
    if (found.length === 0 || Date.now() > deadline) return found;
    await pause(500);
  }
}

const SEQUENCES = 6;

export const sequences = rowOf('13', 'specifications one after the other: only the last counts', [
  { name: 'bounds', quick: true, what: 'each field at its bounds and beyond them', run: bounds },
  ...Array.from({ length: SEQUENCES }, (_, index) => ({
    name: `sequence-${index + 1}`,
    what: 'fields set, unset and set wrong, by dice',
    run: (room: Room) => sequence(room, room.seed * 100 + index),
  })),
]);
