import { styleText } from 'node:util';
import type { Io } from '../io.ts';

type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Colours a text, or leaves it as it is. */
export type Style = Readonly<Record<Colour, (text: string) => string>>;

/** Colours where somebody sees them: on a terminal, unless the environment says otherwise. */
export function styleFor({ config, terminal }: Pick<Io, 'config' | 'terminal'>): Style {
  const coloured = config.colour ?? (terminal.output && !config.dumbTerminal);
  const paint = (format: Colour) => (text: string) =>
    coloured ? styleText(format, text, { validateStream: false }) : text;
  return {
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    cyan: paint('cyan'),
    dim: paint('dim'),
    bold: paint('bold'),
  };
}
