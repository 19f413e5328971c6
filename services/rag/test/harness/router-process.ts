import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort, modelsFolder } from '@genai-platform/common/testing';

/** The platform's own LLM router with the embedded models, as a process of its own: nothing of it is imported. */
export interface RouterProcess {
  readonly url: string;
  close(): Promise<void>;
}

const READY_MS = 60_000;

/** Starts the router, and waits until its models are loaded. @param keyFile of the identity that it trusts */
export async function startRouterProcess(keyFile: string): Promise<RouterProcess> {
  const port = await freePort();
  const main = fileURLToPath(new URL('../../../llm-router/src/main.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--conditions=@genai-platform/source', '--disable-warning=ExperimentalWarning', main],
    {
      env: {
        PATH: process.env.PATH,
        SERVICE_NAME: 'llm-router',
        HTTP_PORT: String(port),
        IDENTITY_KEY_FILE: keyFile,
        MODELS_DIR: modelsFolder,
        LOG_LEVEL: 'warn',
        SHUTDOWN_DRAIN_DELAY_SECONDS: '0',
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const url = `http://127.0.0.1:${port}`;
  const untilMs = performance.now() + READY_MS;
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`the router ended with ${child.exitCode}`);
    if (performance.now() > untilMs) throw new Error('the router was not ready within a minute');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    close: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}
