import {
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type BedrockRuntimeClient,
} from '@aws-sdk/client-bedrock-runtime';
import type { Message, MessageEvent, TokenCountRequest } from '../../api/message-schemas.ts';
import { MessageEventReader } from '../anthropic/message-event-reader.ts';
import { withOwnThinking } from '../anthropic/own-thinking.ts';
import { parseObject } from '../http/reply-body.ts';
import { ProviderError } from '../provider-error.ts';
import type { MessageApi, MessageCall, Worded } from '../provider.ts';
import { toBedrockError } from './bedrock-error.ts';

/** Of Anthropic's models, by their own name, with a region before it, or at the end of an ARN. */
const CLAUDE = /(^|[./])anthropic\.claude/;
const VERSION = 'bedrock-2023-05-31';
/** The service wants one where tokens are counted, too. */
const ANY_LIMIT = 1_024;

export function isClaude(model: string): boolean {
  return CLAUDE.test(model);
}

/**
 * Anthropic's models in Bedrock take Anthropic's own words.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html
 */
export class ClaudeMessages implements MessageApi {
  readonly #client: BedrockRuntimeClient;

  constructor(client: BedrockRuntimeClient) {
    this.#client = client;
  }

  async message(call: MessageCall): Promise<Worded<Message>> {
    const command = new InvokeModelCommand(inputOf(call));
    const { body } = await this.#client.send(command, { abortSignal: call.signal }).catch(rethrow);
    const text = Buffer.from(body).toString();
    const value = parseObject(text);
    if (Array.isArray(value['content'])) return { value: value as Message, text };
    throw new ProviderError({ kind: 'protocol', detail: 'the reply has no content' });
  }

  async *streamMessage(call: MessageCall): AsyncGenerator<readonly Worded<MessageEvent>[]> {
    const reader = new MessageEventReader();
    try {
      const command = new InvokeModelWithResponseStreamCommand(inputOf(call));
      const { body } = await this.#client.send(command, { abortSignal: call.signal });
      for await (const { chunk } of body ?? []) {
        if (chunk?.bytes !== undefined) yield [reader.read(Buffer.from(chunk.bytes).toString())];
      }
    } catch (error) {
      throw toBedrockError(error);
    }
    reader.end();
  }

  async countMessageTokens(call: MessageCall<TokenCountRequest>): Promise<number> {
    const request = { ...call.request, max_tokens: call.request.max_tokens ?? ANY_LIMIT };
    const { body, modelId } = inputOf({ ...call, request });
    const command = new CountTokensCommand({ modelId, input: { invokeModel: { body } } });
    const { inputTokens } = await this.#client.send(command, { abortSignal: call.signal }).catch(rethrow);
    return inputTokens ?? 0;
  }
}

function inputOf({ model, request, betas }: MessageCall<TokenCountRequest>): {
  modelId: string;
  contentType: string;
  body: Buffer;
} {
  const { model: _, stream: __, messages, ...rest } = request;
  const body = {
    ...rest,
    messages: withOwnThinking(messages),
    anthropic_version: VERSION,
    ...(betas.length > 0 && { anthropic_beta: betas }),
  };
  return { modelId: model, contentType: 'application/json', body: Buffer.from(JSON.stringify(body)) };
}

function rethrow(error: unknown): never {
  throw toBedrockError(error);
}
