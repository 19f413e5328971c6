import { ensureDatabases } from '../../hack/databases/databases.ts';
import { ensureKubernetesBinary } from '../../hack/kind/kubernetes-binary.ts';
import { useTemporaryFolder } from './temporary-folder.ts';

/**
 * Before any test: the real servers that tests start are on the machine. What is in the cache costs nothing. A machine that
 * cannot have one of them still runs the tests that need none; the others fail and say what is missing.
 */
export default async function prepare(): Promise<void> {
  const say = (what: string): void => void process.stderr.write(`${what}\n`);
  for (const [what, ensure] of [
    ['PostgreSQL and Valkey', () => ensureDatabases(say)],
    ['the Kubernetes control plane', () => ensureKubernetesBinary({ say })],
  ] as const) {
    try {
      await ensure();
    } catch (error) {
      say(`${what} cannot be had here: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  useTemporaryFolder();
}
