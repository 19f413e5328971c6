import { attemptTimeoutMs, runFaultCells, type Cell } from '../../services/llm-router/test/harness/fault-cells.ts';
import { faults } from '../../services/llm-router/test/harness/provider-simulator.ts';
import { significant, type Figure } from './figure.ts';

/** What the router may add to the time limit of an attempt before the next one begins. */
const allowedMs = 50;

/**
 * Every fault of a provider with every kind of request: whether the next provider answered before the first byte, whether
 * a stream said that it broke off, and whether the record says so. Prints the cells; the figures count them.
 */
export async function measureRouterFaults(): Promise<Figure[]> {
  const cells = await runFaultCells();
  for (const fault of faults)
    console.error(
      `${fault.padEnd(16)} ${cells
        .filter((cell) => cell.fault === fault)
        .map(wording)
        .join('  ')}`,
    );
  const right = cells.filter(({ problems }) => problems.length === 0).length;
  const slowest = Math.max(...cells.map(({ failedAfterMs }) => failedAfterMs));
  return [
    {
      name: 'router.fault_cells',
      value: right,
      unit: `of ${String(cells.length)}`,
      ratio: significant(right / cells.length),
    },
    {
      name: 'router.fault_slowest_attempt_ms',
      value: significant(slowest),
      unit: 'ms',
      yardstick: `time limit of an attempt plus ${String(allowedMs)} ms`,
      ratio: significant(slowest / (attemptTimeoutMs + allowedMs)),
    },
  ];
}

function wording({ mode, problems, failedAfterMs }: Cell): string {
  const verdict = problems.length === 0 ? 'right' : problems.join('; ');
  return `${mode}: ${verdict} (${String(Math.round(failedAfterMs))} ms)`;
}
