import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { releaseEngine } from '../docker/release.ts';
import { deleteCluster } from '../kind/delete-cluster.ts';
import { describeCheckout } from '../machine/checkout.ts';
import { runCommand } from '../progress/command.ts';

const usage = `Usage: hack/down [--name NAME] [--keep-docker]

Deletes the cluster and all else that was made for it on this machine. Caches and logs stay.
  --name NAME     the cluster of this name (as given to hack/cluster)
  --keep-docker   leaves a Docker engine that was started for it running`;

await runCommand(async () => {
  const { values } = parseArgs({
    options: { name: { type: 'string' }, 'keep-docker': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    console.log(usage);
    return;
  }
  const checkout = describeCheckout(values.name);
  const removed = await deleteCluster(checkout);
  if (values['keep-docker'] !== true) removed.push(...(await releaseEngine(checkout.clusterName)));
  await rm(join(checkout.stateDir, 'kind.yaml'), { force: true });
  console.log(
    removed.length === 0 ? 'There was nothing to remove.' : removed.map((what) => `Removed ${what}`).join('\n'),
  );
});
