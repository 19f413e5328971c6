import type { Llm } from '@genai-platform/crds';
import type { Verification } from '../verification.ts';

/** One token after a short prompt: it shows that the model runs, and costs next to nothing. */
export function chatVerification(model: string, limit: Readonly<Record<string, number>>): Verification {
  return {
    method: 'POST',
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      ...limit,
    }),
    expect: { status: 200, bodyIncludes: '"chat.completion"' },
  };
}

/**
 * The request that proves a router without its embedded models: the first route answers, or the first model that chats.
 * Nothing where the embedded model is there to be asked, or where nobody chats.
 */
export function providerVerification(llm: Llm | undefined): Verification | undefined {
  if (llm?.embedded?.enabled !== false) return undefined;
  const model = llm.routes?.[0]?.model ?? firstChatModel(llm);
  // Some models count the tokens of their thinking too: one would not do for them.
  return model === undefined ? undefined : chatVerification(model, { max_completion_tokens: 16 });
}

function firstChatModel({ providers = [] }: Llm): string | undefined {
  return providers.flatMap(({ models = [] }) => models).find(({ operations = ['Chat'] }) => operations.includes('Chat'))
    ?.name;
}
