import { fromKubeconfig } from '../../src/runtime/index.ts';
import { WidgetOperator } from './widget-operator.ts';

/** The operator of widgets as a process of its own, so that a test can stop, continue and kill it. */
const [kubeconfig = '', identity = ''] = process.argv.slice(2);

const timing = { durationSeconds: 3, renewDeadlineSeconds: 2, retrySeconds: 0.3 };
const operator = await WidgetOperator.start(await fromKubeconfig(kubeconfig), {
  lease: { identity, ...timing },
  resyncMs: 50,
});
process.once('SIGTERM', () => {
  void operator.stop().then(() => process.exit(0));
});
