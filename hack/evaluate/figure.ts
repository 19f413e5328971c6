/** Prints one measured figure as a JSON line. `ratio` is value over yardstick. */
export function printFigure(name: string, value: number, unit: string, yardstick?: number): void {
  const rounded = (number: number): number => Number(number.toFixed(4));
  const compared =
    yardstick === undefined
      ? {}
      : { yardstick: rounded(yardstick), ratio: yardstick === 0 ? null : rounded(value / yardstick) };
  console.log(JSON.stringify({ name, value: rounded(value), unit, ...compared }));
}
