import { seededDice } from '../../operator/test/harness/seeded-dice.ts';
import { Subject } from '../../operator/test/platform/harness/subject.ts';
import type { CrashPlan } from './crash-plans.ts';
import { crashPlans, sampleOf } from './crash-plans.ts';
import type { Reference } from './journey.ts';
import { endure, play } from './journey.ts';
import type { Room, Row } from './room.ts';
import { isWanted, sideBySide } from './room.ts';
import { scenarios } from './scenarios.ts';

interface Waiting extends CrashPlan {
  readonly attempt: number;
}

/** A plan whose write does not come is tried again at a write in its place. */
const ATTEMPTS = 4;

/** Crashes after every write, and before the reply to every write: none may leave another end than no crash does. */
export const enumeration: Row = {
  number: '1+2',
  title: 'a crash after each write, and before the reply to each',
  holds: (plan) => scenarios.some(({ name }) => plan === '' || plan.startsWith(`${name}/`)),
  async run(room) {
    const references = await room.references.all();
    const all = references.flatMap(crashPlans);
    const wanted = sampleOf(all, room.sample).filter(({ id }) => isWanted(id, room));
    const queues = queuesOf(wanted, room.seed);
    const journeys = [...wanted.keys()].flatMap((index) => Array.from({ length: ATTEMPTS }, () => index));
    await sideBySide(room.atOnce, journeys, () => travel(room, references, queues));
  },
};

type Queues = ReadonlyMap<string, Waiting[]>;

function queuesOf(plans: readonly CrashPlan[], seed: number): Queues {
  const dice = seededDice(seed);
  const shuffled = plans
    .map((plan) => ({ plan: { ...plan, attempt: 1 }, at: dice() }))
    .sort((a, b) => a.at - b.at)
    .map(({ plan }) => plan);
  return new Map(scenarios.map(({ name }) => [name, shuffled.filter(({ scenario }) => scenario === name)]));
}

/**
 * One namespace lives through the scenarios, each with a crash of its own, as long as any of those to come has plans.
 * After a failure it is not used further: what comes next could only fail as well.
 */
async function travel(room: Room, references: readonly Reference[], queues: Queues): Promise<void> {
  const isLast = (index: number): boolean =>
    references.slice(index).every(({ scenario }) => queues.get(scenario.name)?.length === 0);
  if (isLast(0)) return;
  const subject = await Subject.open(room.world, room.seed);
  try {
    await subject.start();
    for (const [index, reference] of references.entries()) {
      if (isLast(index)) return;
      const plan = queues.get(reference.scenario.name)?.shift();
      const goesOn = plan ? await crash(room, subject, { plan, reference, queues }) : await undisturbed(room, subject, reference); // prettier-ignore
      if (!goesOn) return;
    }
  } finally {
    await subject.close();
  }
}

async function undisturbed(room: Room, subject: Subject, { scenario }: Reference): Promise<boolean> {
  try {
    await play(subject, scenario);
    return true;
  } catch (error) {
    room.report({ plan: scenario.name, what: 'nothing at all', problems: [String(error)] });
    return false;
  }
}

/** @returns whether the namespace is as it should be. */
async function crash(
  room: Room,
  subject: Subject,
  { plan, reference, queues }: { plan: Waiting; reference: Reference; queues: Queues },
): Promise<boolean> {
  const { id, write, scenario, attempt, spare } = plan;
  try {
    const { crashed, problems } = await endure(room.world.plane, subject, plan.fault, reference);
    const again = !crashed && problems.length === 0 && attempt < ATTEMPTS;
    if (again) queues.get(scenario)?.push({ ...plan, fault: spare, attempt: attempt + 1 });
    else room.report({ plan: id, what: write, problems: crashed ? problems : [...problems, 'the write never came'] });
    return problems.length === 0;
  } catch (error) {
    room.report({ plan: id, what: write, problems: [String(error)] });
    return false;
  }
}
