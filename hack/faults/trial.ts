import type { FaultPlan } from '../../operator/test/harness/fault-plan.ts';
import type { ProxiedRequest } from '../../operator/test/harness/fault-proxy.ts';
import type { Platform } from '../../operator/test/platform/harness/place.ts';
import { Subject } from '../../operator/test/platform/harness/subject.ts';
import { play, unlike } from './journey.ts';
import type { Room } from './room.ts';

/** One plan under way: a namespace, its operator, and what has been found wrong so far. */
export class Trial {
  readonly room: Room;
  readonly subject: Subject;
  readonly problems: string[] = [];

  private constructor(room: Room, subject: Subject) {
    this.room = room;
    this.subject = subject;
  }

  /** Opens a namespace, runs the plan in it, and returns what was found wrong. @throws what the plan throws. */
  static async run(room: Room, plan: (trial: Trial) => Promise<void>): Promise<readonly string[]> {
    const trial = new Trial(room, await Subject.open(room.world, room.seed));
    try {
      await plan(trial);
      return trial.problems;
    } finally {
      await trial.subject.close();
    }
  }

  /** Does what the user of a scenario does, and waits for its end. */
  async play(scenario: string): Promise<void> {
    await play(this.subject, (await this.room.references.of(scenario)).scenario);
  }

  /** Starts an operator without any fault and brings the platform to the end of the first scenario. */
  async created(): Promise<void> {
    await this.subject.start();
    await this.play('create');
  }

  /** Does what a user does, without waiting. */
  async act(scenario: string): Promise<void> {
    await (await this.room.references.of(scenario)).scenario.act(this.subject.place);
  }

  /** Waits for the end of a scenario, and compares it with the reference's. */
  async endsAs(scenario: string): Promise<void> {
    const { scenario: played, end } = await this.room.references.of(scenario);
    await played.done(this.subject.place);
    await this.subject.quiet();
    const found = await unlike(end, this.room.world.plane, this.subject);
    this.problems.push(...found.filter((problem) => !isReportOfDrift(problem)));
  }

  inject(...faults: FaultPlan): void {
    for (const fault of faults) this.subject.proxy.inject(fault);
  }

  expect(holds: boolean, otherwise: string): void {
    if (!holds) this.problems.push(otherwise);
  }

  /** Requests that have been made since the last time that this was called. */
  newRequests(): ProxiedRequest[] {
    return this.subject.proxy.requests.splice(0);
  }

  /** How often the operator has looked at its platform. */
  async looks(): Promise<number> {
    const page = await (await fetch(`http://127.0.0.1:${this.subject.manager.healthPort}/metrics`)).text();
    const counts = [...page.matchAll(/^controller_runtime_reconcile_total\{[^}]*\} (\d+)/gm)];
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /** Identities of everything that must not be made anew. */
  async identities(): Promise<ReadonlyMap<string, string>> {
    const plurals = ['secrets', 'persistentvolumeclaims', 'statefulsets', 'deployments', 'services'];
    const lists = await Promise.all(plurals.map((plural) => this.subject.place.list(plural)));
    return new Map(lists.flatMap((list, at) => list.map(({ metadata }) => [`${plurals[at]} ${metadata.name}`, metadata.uid]))); // prettier-ignore
  }

  /** What has been removed or made anew since then is a problem. */
  async same(before: ReadonlyMap<string, string>): Promise<void> {
    const now = await this.identities();
    for (const [name, uid] of before) this.expect(now.get(name) === uid, `${name} has been ${now.has(name) ? 'replaced' : 'deleted'}`); // prettier-ignore
  }

  until(holds: (platform: Platform) => boolean, withinMs = 240_000): Promise<Platform> {
    return this.subject.place.until(holds, withinMs);
  }
}

/** Plans meddle with what the operator owns; that it says so is right. */
function isReportOfDrift(problem: string): boolean {
  return problem.startsWith('genaiplatforms acme.status.drift');
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
