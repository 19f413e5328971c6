import type { Verdict } from '../room.ts';
import { runSuite } from '../suite.ts';

const failures = (verdicts: readonly Verdict[]): string[] =>
  verdicts.flatMap(({ plan, what, problems }) => problems.map((problem) => `${plan} (${what}): ${problem}`));

/** Run again with `npm run faults -- --quick`, or `--plan` and the name of what failed. */
test('whatever breaks between the operator and the API server, all ends as if nothing had', async () => {
  const options = { only: [], plans: [], sample: { n: 1, m: 10 }, quick: true, seed: 1, atOnce: 5 };
  const verdicts = await runSuite({ ...options, report: () => undefined });
  expect(failures(verdicts)).toEqual([]);
  const rows = new Set(verdicts.map(({ plan }) => plan.split('/')[0]));
  expect([...rows]).toEqual(expect.arrayContaining(['create', 'upgrade', 'delete', '3', '4', '5', '6', '7', '8', '11', '14'])); // prettier-ignore
}, 1_200_000);
