import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { printFigure } from '../evaluate/figure.ts';
import { describeCheckout, type Checkout } from '../machine/checkout.ts';
import { readClusterRecord } from '../kind/cluster-record.ts';
import { runCommand } from '../progress/command.ts';
import { interruption } from '../progress/interrupt.ts';
import { bringUp, type BroughtUp } from '../sample/bring-up.ts';
import { sampleGateway } from '../sample/gateway.ts';
import { nextSteps } from '../sample/next-steps.ts';
import { sample } from '../sample/platform.ts';
import { keepTiming, readTimings } from '../sample/timings.ts';

const usage = `Usage: hack/up [--name NAME] [--report]

Brings up a kind cluster with the operator and a sample platform on it, and asks that platform real questions. Run again it
changes nothing that has not changed; interrupted it carries on. hack/down takes it all away.
  --name NAME   a cluster beside the checkout's own
  --report      prints how long the last runs took, as JSON lines, and does nothing else`;

async function up(checkout: Checkout): Promise<void> {
  const first = readClusterRecord(checkout)?.complete !== true || !existsSync(checkout.kubeconfig);
  const started = performance.now();
  const result = await bringUp(checkout, interruption());
  const seconds = (performance.now() - started) / 1_000;
  keepTiming(checkout, { first, seconds, steps: result.timings });
  await tell(checkout, result, seconds);
}

async function tell(checkout: Checkout, { answers, release }: BroughtUp, seconds: number): Promise<void> {
  const { url } = await sampleGateway(checkout);
  const indented = (text: string): string => text.replaceAll(/^/gm, '    ');
  const asked = answers.map(({ question, answer }) => `  ${question}\n${indented(answer)}`);
  const isOwn = checkout.stateDir === describeCheckout().stateDir;
  const { kubeconfig, logsDir } = checkout;
  const clusterName = isOwn ? undefined : checkout.clusterName.split('-').slice(2).join('-');
  console.log(`
The platform ${sample.name} (${release.version}) is Ready after ${seconds.toFixed(0)} s, and has answered:

${asked.join('\n\n')}

${nextSteps({ ...sample, gatewayUrl: url, kubeconfig, logsDir, clusterName })}`);
}

function report(checkout: Checkout): void {
  const { first, again } = readTimings(checkout);
  if (first !== undefined) printFigure('up.first_s', first.seconds, 's');
  if (again !== undefined) printFigure('up.again_s', again.seconds, 's', first?.seconds);
  if (first === undefined && again === undefined) console.error('Nothing has been measured yet: run hack/up.');
}

await runCommand(async () => {
  const { values } = parseArgs({
    options: { name: { type: 'string' }, report: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  const checkout = describeCheckout(values.name);
  if (values.help === true) console.log(usage);
  else if (values.report === true) report(checkout);
  else await up(checkout);
});
