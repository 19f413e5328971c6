import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../harness/json-reply.ts';
import { createRouterDatabase } from '../harness/router-database.ts';
import { chunk, completion, scriptProvider, toolEvents, usageChunk } from '../harness/scripted-provider.ts';
import type { ScriptedProvider } from '../harness/scripted-provider.ts';
import { startRouter } from '../harness/start-router.ts';
import type { TestRouter } from '../harness/start-router.ts';

/** A router with its encoder, a database, and a provider `scripted` that says what clients have to understand. */
export interface ScriptedRouter {
  readonly router: TestRouter;
  readonly provider: ScriptedProvider;
  readonly baseUrl: string;
  /** Of a tenant without quotas. */
  readonly apiKey: string;
  /** Of a tenant that may make no request. */
  readonly brokeKey: string;
  close(): Promise<void>;
}

const calls = [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }];
const words = ['It', ' rains', '.'];

export async function startScriptedRouter(): Promise<ScriptedRouter> {
  const database = await createRouterDatabase();
  const provider = await scriptProvider(({ body }: { body: Json }) => {
    if (body.stream === true) return { events: body.tools === undefined ? textEvents : toolEvents };
    return { json: body.tools === undefined ? completion({ content: words.join('') }) : completion({ content: null, tool_calls: calls }, 'tool_calls') }; // prettier-ignore
  });
  const router = await startRouter({ env: { ...database.env, LLM_SETTINGS_FILE: settingsFile(provider.origin) } });
  const { testIdentity } = router.context;
  return {
    router,
    provider,
    baseUrl: `${router.url}/v1`,
    apiKey: await testIdentity.token('llm-router'),
    brokeKey: await testIdentity.token('llm-router', { tenant: 'broke' }),
    close: async () => {
      await router.close();
      await Promise.all([provider.close(), database.close()]);
    },
  };
}

const textEvents = [...words.map((content) => chunk({ content })), chunk({}, 'stop'), usageChunk(9, 3), '[DONE]'];

function settingsFile(origin: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'scripted-router-')), 'settings.json');
  const providers = [{ name: 'scripted', kind: 'openai-compatible', base_url: `${origin}/v1` }];
  const quotas = [{ tenant: 'broke', per: 'tenant', unit: 'requests', period: 'day', amount: 0 }];
  writeFileSync(file, JSON.stringify({ providers, quotas }));
  return file;
}
