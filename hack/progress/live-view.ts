import { styleText } from 'node:util';
import { formatDuration } from './duration.ts';
import type { Output, View } from './view.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const intervalMs = 100;

interface RunningStep {
  readonly name: string;
  readonly started: number;
  what: string;
}

type Colour = 'green' | 'red' | 'cyan' | 'dim';

/** Keeps one line for each running step at the foot of the terminal; what has ended stays above them. */
export function createLiveView(output: Output): View {
  const view = new LiveView(output);
  return {
    start: (name) => view.start(name),
    close: () => {
      view.close();
    },
  };
}

class LiveView {
  readonly #output: Output;
  readonly #running = new Set<RunningStep>();
  #drawn = 0;
  #frame = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  start(name: string): ReturnType<View['start']> {
    const step: RunningStep = { name, started: performance.now(), what: '' };
    this.#running.add(step);
    this.#timer ??= setInterval(() => {
      this.#draw([]);
    }, intervalMs).unref();
    return {
      say: (what) => {
        step.what = what;
      },
      announce: (what) => {
        this.#draw([`${paint('cyan', '•')} ${name} ${what}`]);
      },
      done: () => {
        this.#end(step, paint('green', '✓'));
      },
      failed: () => {
        this.#end(step, paint('red', '✗'));
      },
    };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#draw([]);
  }

  #end(step: RunningStep, mark: string): void {
    this.#running.delete(step);
    this.#draw([`${mark} ${step.name} ${paint('dim', elapsed(step))}`]);
  }

  /** Writes lines that stay, and below them one for each step that is running. */
  #draw(lasting: readonly string[]): void {
    this.#frame += 1;
    const rows = [...this.#running].map((step) => this.#row(step));
    // Up over what was drawn last, and clear from there to the end of the screen, in one write so nothing flickers.
    const back = this.#drawn === 0 ? '' : `\u001b[${String(this.#drawn)}F\u001b[J`;
    const lines = [...lasting, ...rows].map((line) => `${line}\n`);
    this.#drawn = rows.length;
    if (back !== '' || lines.length > 0) this.#output.write(back + lines.join(''));
  }

  #row(step: RunningStep): string {
    const frame = frames[this.#frame % frames.length] ?? '';
    const head = `${step.name} ${elapsed(step)}`;
    // A line that wraps would not be found again when going up.
    const room = (this.#output.columns ?? 80) - head.length - 5;
    const what = step.what.length > room ? `${step.what.slice(0, Math.max(0, room - 1))}…` : step.what;
    return `${paint('cyan', frame)} ${head}  ${paint('dim', what)}`;
  }
}

function elapsed({ started }: RunningStep): string {
  return formatDuration((performance.now() - started) / 1000);
}

/** Without colour where NO_COLOR is set, whatever its value (no-color.org). */
function paint(colour: Colour, text: string): string {
  return process.env['NO_COLOR'] ? text : styleText(colour, text, { validateStream: false });
}
