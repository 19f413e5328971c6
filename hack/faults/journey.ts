import { differences, endState, type EndState } from '../../operator/test/platform/harness/end-state.ts';
import type { Fault } from '../../operator/test/harness/fault-plan.ts';
import type { Subject } from '../../operator/test/platform/harness/subject.ts';
import type { ControlPlane } from '../../test/harness/control-plane.ts';
import type { Scenario, SecretValues } from './scenarios.ts';
import { isStatus, nameOfWrite } from './write-names.ts';

/** What a scenario did when nothing was in its way. */
export interface Reference {
  readonly scenario: Scenario;
  /** Each write, as a plan names it. */
  readonly writes: readonly string[];
  readonly end: EndState;
}

/** How a scenario with a crash in it ended. */
export interface Ending {
  /** Whether the operator crashed at all: a plan may name a write that does not come this time. */
  readonly crashed: boolean;
  /** What is not as in the reference, in words. */
  readonly problems: readonly string[];
}

/**
 * Writes that were on their way when the operator crashed come again if the API server had not taken them: two steps side
 * by side with four calls each, of which one is the crash.
 */
const MORE_WRITES = 7;
/** The garbage collector and the controllers of Kubernetes end after the operator does. */
const AFTERMATH_MS = 30_000;

/** Plays a scenario without any fault and writes down what it does. */
export async function record(plane: ControlPlane, subject: Subject, scenario: Scenario): Promise<Reference> {
  const before = subject.writes().length;
  await play(subject, scenario);
  const writes = writesSince(subject, before);
  return { scenario, writes, end: scenario.leavesNothing ? {} : await stillState(plane, subject) };
}

/** Plays a scenario without any fault and without looking: a later one needs it. */
export async function play(subject: Subject, scenario: Scenario): Promise<void> {
  await scenario.act(subject.place);
  await scenario.done(subject.place);
  await subject.quiet();
}

/** Plays a scenario in which the operator crashes as the fault says and is started again, and compares the ends. */
export async function endure(
  plane: ControlPlane,
  subject: Subject,
  fault: Fault,
  { scenario, ...reference }: Reference,
): Promise<Ending> {
  const before = subject.writes().length;
  subject.proxy.inject(fault);
  const severed = subject.proxy.whenSevered().then(() => true);
  await scenario.act(subject.place);
  const done = scenario.done(subject.place).then(
    () => [],
    (error: unknown) => [String(error)],
  );
  // The last write may come just after the end can be seen.
  const crashed = await Promise.race([severed, done.then(() => within(500, severed))]);
  // A write that has not come must not crash the scenarios after this one.
  subject.proxy.heal();
  const secrets = crashed ? await secretsOf(subject) : new Map<string, HeldSecret>();
  if (crashed) {
    subject.crash();
    await subject.start();
  }
  const problems = [...(await done)];
  await subject.quiet();
  problems.push(...(await unlike(reference.end, plane, subject)));
  problems.push(...changed(secrets, await secretsOf(subject), scenario));
  problems.push(...surplus(writesSince(subject, before), reference.writes));
  return { crashed, problems };
}

async function within(ms: number, happens: Promise<boolean>): Promise<boolean> {
  return Promise.race([happens, new Promise<boolean>((resolve) => setTimeout(resolve, ms, false))]);
}

function writesSince(subject: Subject, count: number): string[] {
  return subject.writes().slice(count).map(nameOfWrite);
}

/** What differs from the reference and goes on differing. */
export async function unlike(wanted: EndState, plane: ControlPlane, { place }: Subject): Promise<string[]> {
  for (const deadline = Date.now() + AFTERMATH_MS; ;) {
    const found = differences(await endState(plane, place.namespace), wanted);
    if (found.length === 0 || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The state, once Kubernetes has nothing left to do about it. */
async function stillState(plane: ControlPlane, { place }: Subject): Promise<EndState> {
  let last = await endState(plane, place.namespace);
  for (let still = 0; still < 4;) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const next = await endState(plane, place.namespace);
    still = differences(next, last).length === 0 ? still + 1 : 0;
    last = next;
  }
  return last;
}

function surplus(writes: readonly string[], reference: readonly string[]): string[] {
  const counted = (names: readonly string[]): string[] => names.filter((name) => !isStatus(name));
  const [made, expected] = [counted(writes), counted(reference)];
  const allowed = expected.length + MORE_WRITES;
  if (made.length <= allowed) return [];
  return [
    `${made.length} writes where ${allowed} are enough; beyond the reference: ${beyond(made, expected).join(', ')}`,
  ];
}

/** What is in `names` more often than in `others`. */
function beyond(names: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return names.filter((name) => {
    const at = left.indexOf(name);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

interface HeldSecret {
  readonly uid: string;
  readonly values: SecretValues;
}

async function secretsOf({ place }: Subject): Promise<Map<string, HeldSecret>> {
  const secrets = await place.list<{ data?: SecretValues }>('secrets');
  return new Map(secrets.map(({ metadata: { name, uid }, data = {} }) => [name, { uid, values: data }]));
}

/** What was generated once stays: a second password would lock away what the first one opens. */
function changed(
  before: ReadonlyMap<string, HeldSecret>,
  after: ReadonlyMap<string, HeldSecret>,
  { keeps }: Scenario,
): string[] {
  return [...before].flatMap(([name, { uid, values }]) => {
    const wanted = keeps(name, values);
    if (!wanted) return [];
    const now = after.get(name);
    if (now?.uid !== uid) return [`Secret ${name} is another than before the crash`];
    const lost = Object.keys(wanted).filter((key) => now.values[key] !== wanted[key]);
    return lost.map((key) => `${key} of Secret ${name} is another than before the crash`);
  });
}
