import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client.ts';
import type { Component } from './component.ts';

const deadlineMs = 60_000;
const intervalMs = 50;

/** Waits until the API server is ready to serve, or throws what it ended with. */
export async function untilReady(api: ApiClient, server: Component): Promise<void> {
  await until(server, () => api.request('GET', '/readyz'));
}

/** Waits until namespaces get their `default` ServiceAccount, without which no pod can be created. */
export async function untilServiceAccountsWork(api: ApiClient, controllers: Component): Promise<void> {
  await until(controllers, () => api.request('GET', '/api/v1/namespaces/default/serviceaccounts/default'));
}

async function until(component: Component, succeeds: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    component.assertRunning();
    try {
      await succeeds();
      return;
    } catch (error) {
      if (Date.now() > end) throw new Error(`${component.name} did not get ready within a minute`, { cause: error });
    }
    await sleep(intervalMs);
  }
}
