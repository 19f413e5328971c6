import { parseArgs } from 'node:util';
import { AdvisedError } from '../machine/advice.ts';
import { describeCheckout } from '../machine/checkout.ts';
import { clusterSteps } from '../kind/steps.ts';
import { hostPort, nodePorts } from '../kind/ports.ts';
import { runCommand } from '../progress/command.ts';
import { interruption } from '../progress/interrupt.ts';
import { runSteps } from '../progress/steps.ts';

const usage = `Usage: hack/cluster [--workers N] [--name NAME]

Brings up an empty kind cluster with metrics-server; run again it changes nothing.
  --workers N   nodes beside the control plane (0)
  --name NAME   a further cluster beside the checkout's own; hack/down takes the same option`;

await runCommand(async () => {
  const { values } = parseArgs({
    options: { workers: { type: 'string' }, name: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    console.log(usage);
    return;
  }
  const checkout = describeCheckout(values.name);
  const steps = clusterSteps(checkout, parseWorkers(values.workers));
  await runSteps(steps, { logs: checkout.logsDir, signal: interruption() });
  const option = values.name === undefined ? '' : ` --name ${values.name}`;
  console.log(`
Cluster ${checkout.clusterName} is up. Its node port ${String(nodePorts.gateway)} is http://127.0.0.1:${String(hostPort(checkout, nodePorts.gateway))}

  export KUBECONFIG=${checkout.kubeconfig}
  hack/kubectl get nodes
  hack/down${option}`);
});

function parseWorkers(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d$/.test(text)) return Number(text);
  throw new AdvisedError(`--workers ${text} is not a number from 0 to 9`, usage);
}
