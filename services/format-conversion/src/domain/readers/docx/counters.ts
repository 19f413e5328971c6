import type { Level, Numbering } from './numbering.ts';
import { numberText } from '../../numbering/number-text.ts';

/** Counts numbered paragraphs as an editor would display them. */
export class Counters {
  readonly #values = new Map<string, number[]>();
  /** Instances whose start overrides have been applied. */
  readonly #started = new Set<string>();

  /** Counts the next paragraph of that numbering and level; returns its number. */
  next(id: string, numbering: Numbering, level: number): number {
    const values = this.#values.get(numbering.abstractId) ?? [];
    this.#values.set(numbering.abstractId, values);
    const startOf = (index: number): number => numbering.levels.get(index)?.start ?? 1;
    const current = values[level];
    const value = this.#restart(id, numbering, level) ?? (current === undefined ? startOf(level) : current + 1);
    // Levels above that never appeared count as their start; levels below begin anew.
    for (let above = 0; above < level; above += 1) values[above] ??= startOf(above);
    values.length = level;
    values[level] = value;
    return value;
  }

  /** The start that an instance sets for a level, the first time that the level is used. */
  #restart(id: string, { overrides }: Numbering, level: number): number | undefined {
    const key = `${id}/${level}`;
    if (this.#started.has(key)) return undefined;
    this.#started.add(key);
    return overrides.get(level);
  }

  /** The label of the paragraph counted last, such as `2.1.` or `(a)`. */
  label(numbering: Numbering, { text, legal }: Level): string {
    const values = this.#values.get(numbering.abstractId) ?? [];
    return text.replace(/%([1-9])/g, (_, digit: string) => {
      const index = Number(digit) - 1;
      const level = numbering.levels.get(index);
      return numberText(values[index] ?? level?.start ?? 1, legal ? 'decimal' : (level?.format ?? 'decimal'));
    });
  }
}
