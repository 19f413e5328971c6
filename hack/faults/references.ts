import { Subject } from '../../operator/test/platform/harness/subject.ts';
import type { World } from '../../operator/test/platform/harness/world.ts';
import type { Reference } from './journey.ts';
import { record } from './journey.ts';
import type { Scenario } from './scenarios.ts';
import { scenarios } from './scenarios.ts';

/** What each scenario does and where it ends when nothing is broken: recorded once, when first asked for. */
export class References {
  readonly #world: World;
  readonly #scenarios: readonly Scenario[];
  #recorded: Promise<ReadonlyMap<string, Reference>> | undefined;

  /** @param quick leaves slow scenarios out. */
  constructor(world: World, quick: boolean) {
    this.#world = world;
    this.#scenarios = scenarios.filter(({ slow = false }) => !(quick && slow));
  }

  async all(): Promise<readonly Reference[]> {
    return [...(await this.#record()).values()];
  }

  async of(scenario: string): Promise<Reference> {
    const reference = (await this.#record()).get(scenario);
    if (!reference) throw new Error(`there is no scenario "${scenario}"`);
    return reference;
  }

  #record(): Promise<ReadonlyMap<string, Reference>> {
    return (this.#recorded ??= recordAll(this.#world, this.#scenarios));
  }
}

/** One namespace lives through all of them. */
async function recordAll(world: World, wanted: readonly Scenario[]): Promise<ReadonlyMap<string, Reference>> {
  const references = new Map<string, Reference>();
  const subject = await Subject.open(world);
  try {
    await subject.start();
    for (const scenario of wanted) references.set(scenario.name, await record(world.plane, subject, scenario));
  } finally {
    await subject.close();
  }
  return references;
}
