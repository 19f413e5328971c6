import { runCell } from '../harness/fault-cells.ts';
import { faults } from '../harness/provider-simulator.ts';

describe.each(faults)('a provider with the fault %s', (fault) => {
  test('is replaced by the next for a plain request, and the attempt is recorded', async () => {
    expect((await runCell(fault, 'plain')).problems).toEqual([]);
  });

  test('is replaced before a stream begins, and after that the stream says that it broke off', async () => {
    expect((await runCell(fault, 'stream')).problems).toEqual([]);
  });
});
