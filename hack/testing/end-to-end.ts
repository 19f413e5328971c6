import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { releaseEngine } from '../docker/release.ts';
import { deleteCluster } from '../kind/delete-cluster.ts';
import { kubectl } from '../kind/kubectl.ts';
import { describeCheckout, type Checkout } from '../machine/checkout.ts';
import { runSteps } from '../progress/steps.ts';
import { bringUp } from '../sample/bring-up.ts';
import { sampleGateway } from '../sample/gateway.ts';
import { runJest, type TestCounts } from './jest-run.ts';

/** Brings a cluster of its own up the way hack/up does, runs the end-to-end tests on it, and takes it down again. */
export async function runEndToEnd(signal: AbortSignal): Promise<TestCounts> {
  const checkout = describeCheckout('e2e');
  try {
    const { release } = await bringUp(checkout, signal);
    const gateway = await sampleGateway(checkout);
    const env = {
      GENAI_E2E_KUBECONFIG: checkout.kubeconfig,
      GENAI_E2E_GATEWAY_URL: gateway.url,
      GENAI_E2E_API_KEY: gateway.apiKey,
      GENAI_E2E_VERSION: release.version,
    };
    let counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
    const step = {
      name: 'end-to-end tests',
      run: async (context: Parameters<typeof runJest>[1]) => {
        counts = await runJest(['--config', 'jest.e2e.config.js'], context, env);
      },
    };
    await runSteps([step], { logs: checkout.logsDir, signal });
    return counts;
  } catch (error) {
    await keepState(checkout);
    throw error;
  } finally {
    await deleteCluster(checkout);
    await releaseEngine(checkout.clusterName);
  }
}

/** What a person would look at first after a failure; the cluster itself is gone by then. */
async function keepState(checkout: Checkout): Promise<void> {
  const questions = {
    'objects.txt': ['get', 'genaiplatforms,pods,jobs,deployments,statefulsets,pvc', '--all-namespaces', '-o', 'wide'],
    'platforms.yaml': ['get', 'genaiplatforms', '--all-namespaces', '-o', 'yaml'],
    'events.txt': ['get', 'events', '--all-namespaces', '--sort-by=.lastTimestamp'],
    'operator.txt': ['logs', '-n', 'genai-system', '-l', 'app.kubernetes.io/name=genai-operator', '--tail=400'],
  };
  for (const [file, args] of Object.entries(questions)) {
    const answer = await kubectl(checkout, args, { deadlineMs: 15_000 }).catch((error: unknown) => String(error));
    await writeFile(join(checkout.logsDir, file), answer).catch(() => undefined);
  }
}
