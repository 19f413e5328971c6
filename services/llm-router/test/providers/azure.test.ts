import { keyFile, startConfigured } from '../harness/configured-router.ts';
import { completion, scriptProvider } from '../harness/scripted-provider.ts';

test.each([
  [undefined, '/openai/v1/chat/completions'],
  ['2024-10-21', '/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21'],
])('with the version %s deployments are asked at %s, with the key in its header', async (version, path) => {
  const provider = await scriptProvider(() => ({ json: completion({ content: 'Hello.' }) }));
  const azure = { name: 'azure', kind: 'azure' as const, base_url: provider.origin, api_key_file: keyFile('key') };
  const router = await startConfigured({ providers: [{ ...azure, ...(version && { api_version: version }) }] });
  try {
    const json = { model: 'azure/my gpt', messages: [{ role: 'user', content: 'Hi' }] };
    expect((await router.fetch('/v1/chat/completions', { json })).status).toBe(200);
    expect(provider.requests).toMatchObject([{ path, headers: { 'api-key': 'key' }, body: { model: 'my gpt' } }]);
  } finally {
    await router.close();
    await provider.close();
  }
});
