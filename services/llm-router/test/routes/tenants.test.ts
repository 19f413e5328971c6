import { keyFile, startConfigured } from '../harness/configured-router.ts';
import { jsonReply } from '../harness/json-reply.ts';
import { completion, scriptProvider, type ScriptedProvider } from '../harness/scripted-provider.ts';
import type { TestRouter } from '../harness/start-router.ts';

let provider: ScriptedProvider;
let router: TestRouter;

beforeAll(async () => {
  provider = await scriptProvider(({ headers }) => ({
    json: completion({ content: `with ${String(headers['authorization'])}` }),
  }));
  const common = { kind: 'openai-compatible' as const, base_url: provider.origin };
  router = await startConfigured({
    providers: [
      { ...common, name: 'house', api_key_file: keyFile('house-key'), models: [{ name: 'm' }] },
      { ...common, name: 'acme', api_key_file: keyFile('acme-key'), models: [{ name: 'm' }, { name: 'own' }], tenants: ['acme'] }, // prettier-ignore
    ],
    routes: [
      { model: 'first-own', targets: [{ provider: 'acme', model: 'm' }, { provider: 'house', model: 'm' }] }, // prettier-ignore
      { model: 'only-own', targets: [{ provider: 'acme', model: 'm' }] },
    ],
  });
});

afterAll(async () => {
  await router.close();
  await provider.close();
});

async function ask(model: string, tenant: string): Promise<string> {
  const json = { model, messages: [{ role: 'user', content: 'Hello.' }] };
  const { status, body } = await jsonReply(await router.fetch('/v1/chat/completions', { json, as: { tenant } }));
  return status === 200 ? body.choices[0].message.content : `${String(status)} ${String(body.error.code)}`;
}

test('a tenant is answered with its own key where it has one, others with everybody’s', async () => {
  expect(await ask('m', 'acme')).toBe('with Bearer acme-key');
  expect(await ask('m', 'other')).toBe('with Bearer house-key');
  expect(await ask('house/m', 'acme')).toBe('with Bearer house-key');
});

test('routes lead to what the tenant may use', async () => {
  expect(await ask('first-own', 'acme')).toBe('with Bearer acme-key');
  expect(await ask('first-own', 'other')).toBe('with Bearer house-key');
  expect(await ask('only-own', 'acme')).toBe('with Bearer acme-key');
});

test.each(['own', 'only-own', 'acme/m', 'acme/anything'])('what is another tenant’s is unknown: %s', async (model) => {
  expect(await ask(model, 'other')).toBe('404 model_not_found');
});

test('nobody is told of the models and routes of others', async () => {
  const named = async (path: string, key: string, tenant: string): Promise<string[]> => {
    const { body } = await jsonReply(await router.fetch(path, { as: { tenant } }));
    return body.data.map((each: Record<string, string>) => each[key]);
  };
  expect(await named('/v1/models', 'id', 'acme')).toEqual(['first-own', 'only-own', 'm', 'own']);
  expect(await named('/v1/models', 'id', 'other')).toEqual(['first-own', 'm']);
  expect(await named('/v1/router/routes', 'model', 'other')).toEqual(['first-own']);
  expect((await router.fetch('/v1/models/own', { as: { tenant: 'other' } })).status).toBe(404);
});
