import { ensureEngine } from '../docker/engine.ts';
import type { Checkout } from '../machine/checkout.ts';
import type { Step } from '../progress/steps.ts';
import { ensureCluster } from './cluster.ts';
import { ensureMetrics } from './metrics.ts';
import { chooseNodeImage, ensureNodeImage, type NodeImageSource } from './node-image.ts';
import { ensureComponentParts } from './node-image/parts.ts';
import { kindPath } from './tools.ts';

/** The steps that lead to a cluster; others may need `cluster` (it answers) or `metrics` (HPAs scale). */
export function clusterSteps(checkout: Checkout, workers?: number): Step[] {
  let source: NodeImageSource = 'built';
  let image = '';
  return [
    {
      name: 'registry',
      run: async (context) => {
        source = await chooseNodeImage(context);
        context.say(source === 'published' ? 'the published node image is used' : 'the node image is built here');
      },
    },
    {
      name: 'docker',
      run: (context) => ensureEngine({ cluster: checkout.clusterName, root: checkout.root }, context),
    },
    {
      name: 'kind',
      run: async (context) => {
        await kindPath(context);
      },
    },
    {
      name: 'kubernetes',
      needs: ['registry'],
      run: async (context) => {
        if (source === 'built') await ensureComponentParts(context);
      },
    },
    {
      name: 'node image',
      needs: ['docker', 'kubernetes'],
      run: async (context) => {
        image = await ensureNodeImage(source, context);
      },
    },
    {
      name: 'cluster',
      needs: ['node image', 'kind'],
      run: (context) => ensureCluster(checkout, { image, workers }, context),
    },
    { name: 'metrics', needs: ['cluster'], run: (context) => ensureMetrics(checkout, context) },
  ];
}
