import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { join } from 'node:path';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  type BedrockRuntimeClientConfig,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ChatChunk, ChatCompletion, ChatRequest } from '../../api/chat-schemas.ts';
import { toCompletion } from '../anthropic/from-anthropic.ts';
import { StreamConverter } from '../anthropic/stream-converter.ts';
import { ProviderError, endedEarly } from '../provider-error.ts';
import { worded, type Call, type MessageApi, type ModelInfo, type Provider, type Worded } from '../provider.ts';
import { toBedrockError } from './bedrock-error.ts';
import { ClaudeMessages, isClaude } from './claude-messages.ts';
import { ConverseEvents, toMessage } from './from-converse.ts';
import { toConverse } from './to-converse.ts';

export interface BedrockOptions {
  readonly name: string;
  readonly models: readonly ModelInfo[];
  readonly region: string;
  readonly baseUrl?: string | undefined;
  /** With the files `access-key-id` and `secret-access-key`; without it the SDK finds out by itself, as on EKS. */
  readonly credentialsDir?: string | undefined;
  readonly connectTimeoutMs: number;
  readonly authorities?: string | undefined;
}

const CONNECTIONS = 256;
/** A rotated key is used after this. */
const CREDENTIALS_MS = 60_000;

/** Amazon Bedrock, signed (SigV4) by the AWS SDK: its Converse API, and Anthropic's own of Anthropic's models. */
export class BedrockProvider implements Provider {
  readonly kind = 'bedrock';
  readonly name: string;
  readonly models: readonly ModelInfo[];
  readonly #client: BedrockRuntimeClient;

  constructor(options: BedrockOptions) {
    this.name = options.name;
    this.models = options.models;
    this.#client = new BedrockRuntimeClient(clientConfig(options));
  }

  async chat({ model, request, signal }: Call<ChatRequest>): Promise<Worded<ChatCompletion>> {
    const command = new ConverseCommand(toConverse(request, model));
    const reply = await this.#client.send(command, { abortSignal: signal }).catch((error: unknown) => {
      throw toBedrockError(error);
    });
    return worded(toCompletion(toMessage(reply, model), nowSeconds()));
  }

  async *streamChat({ model, request, signal }: Call<ChatRequest>): AsyncGenerator<readonly Worded<ChatChunk>[]> {
    const converter = new StreamConverter(nowSeconds());
    const events = new ConverseEvents(model);
    try {
      const { stream } = await this.#client.send(new ConverseStreamCommand(toConverse(request, model)), {
        abortSignal: signal,
      });
      for await (const event of stream ?? []) {
        const chunks = events.push(event).flatMap((one) => converter.convert(one));
        if (chunks.length > 0) yield chunks;
      }
    } catch (error) {
      throw toBedrockError(error);
    }
    yield events.end().flatMap((one) => converter.convert(one));
    if (!converter.complete) throw endedEarly();
  }

  messagesOf(model: string): MessageApi | undefined {
    return isClaude(model) ? new ClaudeMessages(this.#client) : undefined;
  }

  close(): Promise<void> {
    this.#client.destroy();
    return Promise.resolve();
  }
}

function clientConfig(options: BedrockOptions): BedrockRuntimeClientConfig {
  const { region, baseUrl, credentialsDir, connectTimeoutMs, authorities } = options;
  return {
    region,
    ...(baseUrl !== undefined && { endpoint: baseUrl }),
    ...(credentialsDir !== undefined && { credentials: () => credentialsOf(credentialsDir) }),
    // Other targets are the router's way to try again.
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: connectTimeoutMs,
      httpsAgent: new Agent({
        keepAlive: true,
        maxSockets: CONNECTIONS,
        ...(authorities !== undefined && { ca: authorities }),
      }),
    }),
  };
}

async function credentialsOf(folder: string): Promise<{
  accessKeyId: string;
  secretAccessKey: string;
  expiration: Date;
}> {
  const read = async (name: string): Promise<string> => {
    const text = (await readFile(join(folder, name), 'utf8').catch(() => '')).trim();
    if (text !== '') return text;
    throw new ProviderError({ kind: 'credentials', detail: 'the credential of the provider is not there' });
  };
  const [accessKeyId, secretAccessKey] = await Promise.all([read('access-key-id'), read('secret-access-key')]);
  return { accessKeyId, secretAccessKey, expiration: new Date(Date.now() + CREDENTIALS_MS) };
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
