import type { ConverseRequest, ContentBlock, Message, Tool, ToolConfiguration } from '@aws-sdk/client-bedrock-runtime';
import type { ChatRequest } from '../../api/chat-schemas.ts';
import { notSupported } from '../../errors.ts';
import { toAnthropic } from '../anthropic/to-anthropic.ts';

type Json = Record<string, unknown>;
type Document = NonNullable<NonNullable<NonNullable<Tool['toolSpec']>['inputSchema']>['json']>;

/**
 * A request in the words of Bedrock's Converse API, which are Anthropic's in other letters.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export function toConverse(request: ChatRequest, model: string): ConverseRequest {
  const { messages, system, tools, tool_choice: choice, thinking } = toAnthropic(request, model);
  const { max_completion_tokens: most = request.max_tokens, temperature, top_p: topP, stop } = request;
  const stopSequences = [stop ?? []].flat();
  return {
    modelId: model,
    messages: (messages as { role: Message['role']; content: Json[] }[]).map(({ role, content }) => ({
      role,
      content: content.map(toBlock),
    })),
    ...(typeof system === 'string' && { system: [{ text: system }] }),
    inferenceConfig: {
      ...(typeof most === 'number' && { maxTokens: most }),
      ...(typeof temperature === 'number' && { temperature: Math.min(1, temperature) }),
      ...(typeof topP === 'number' && { topP }),
      ...(stopSequences.length > 0 && { stopSequences }),
    },
    ...(thinking !== undefined && { additionalModelRequestFields: { thinking: thinking as Document } }),
    ...(Array.isArray(tools) && toolConfig(tools as Json[], choice as Json | undefined)),
  };
}

function toBlock(block: Json): ContentBlock {
  switch (block['type']) {
    case 'text':
      return { text: String(block['text']) };
    case 'image':
      return imageOf(block['source'] as Json);
    case 'tool_use':
      return {
        toolUse: {
          toolUseId: String(block['id']),
          name: String(block['name']),
          input: block['input'] as Document,
        },
      };
    default:
      return {
        toolResult: {
          toolUseId: String(block['tool_use_id']),
          content: (block['content'] as Json[]).map(({ text }) => ({ text: String(text) })),
        },
      };
  }
}

const FORMATS = ['png', 'jpeg', 'gif', 'webp'] as const;

function imageOf(source: Json): ContentBlock {
  const format = FORMATS.find((known) => source['media_type'] === `image/${known}`);
  if (format === undefined || typeof source['data'] !== 'string') {
    throw notSupported('this provider takes pictures as data: URLs of PNG, JPEG, GIF or WebP', '/messages');
  }
  return { image: { format, source: { bytes: Buffer.from(source['data'], 'base64') } } };
}

/** There is no choice "none": without tools none is called. */
function toolConfig(tools: readonly Json[], choice: Json | undefined): { toolConfig?: ToolConfiguration } {
  if (choice?.['type'] === 'none') return {};
  const specs = tools.map(({ name, description, input_schema: schema }): Tool => ({
    toolSpec: {
      name: String(name),
      ...(typeof description === 'string' && { description }),
      inputSchema: { json: schema as Document },
    },
  }));
  const choices = { any: { any: {} }, tool: { tool: { name: String(choice?.['name']) } } };
  const given = choice === undefined ? undefined : choices[choice['type'] as keyof typeof choices];
  return { toolConfig: { tools: specs, ...(given !== undefined && { toolChoice: given }) } };
}
