import { randomInt } from 'node:crypto';
import type { ChatRequest } from '../../api/chat-schemas.ts';
import type { CompletionRequest } from '../../api/completion-schemas.ts';
import type { GenerateTask } from '../../engines/engine-messages.ts';
import { notSupported } from '../../errors.ts';
import { chatPrompt } from './chat-prompt.ts';
import { jsonGrammar, schemaGrammar } from './json-grammar.ts';

/** What the model's makers recommend. */
const TEMPERATURE = 0.2;
const TOP_P = 0.9;
const SEEDS = 2 ** 31;

/** @throws AppError 400 for what the embedded model cannot do */
export function generateTask(request: ChatRequest, mostTokens: number): GenerateTask {
  refuseUnsupported(request);
  const asked = request.max_completion_tokens ?? request.max_tokens ?? mostTokens;
  const grammar = grammarOf(request);
  return {
    prompt: chatPrompt(request),
    maxTokens: Math.min(asked, mostTokens),
    stop: stopsOf(request),
    ...sampling(request),
    ...(grammar !== undefined && { grammar }),
  };
}

/** A text that goes on from its prompt as it is. */
export function completionTask(request: CompletionRequest, prompt: string, maxTokens: number): GenerateTask {
  return { prompt, maxTokens, stop: stopsOf(request), ...sampling(request) };
}

function stopsOf({ stop }: Pick<ChatRequest, 'stop'>): string[] {
  return [stop ?? []].flat().filter((text) => text !== '');
}

type Sampling = Pick<GenerateTask, 'temperature' | 'topP' | 'seed' | 'presencePenalty' | 'frequencyPenalty'>;

function sampling(request: ChatRequest | CompletionRequest): Sampling {
  return {
    temperature: request.temperature ?? TEMPERATURE,
    topP: request.top_p ?? TOP_P,
    seed: Math.abs(request.seed ?? randomInt(SEEDS)) % SEEDS,
    presencePenalty: request.presence_penalty ?? 0,
    frequencyPenalty: request.frequency_penalty ?? 0,
  };
}

function refuseUnsupported({ n, tools, tool_choice: choice, ...request }: ChatRequest): void {
  if ((n ?? 1) > 1) throw notSupported('the embedded model gives one choice', '/n');
  if ((tools ?? []).length > 0 && choice !== 'none') {
    throw notSupported('the embedded model calls no tools: configure a provider whose models do', '/tools');
  }
  if (request['logprobs'] === true) throw notSupported('the embedded model tells no probabilities', '/logprobs');
}

function grammarOf({ response_format: format }: ChatRequest): string | undefined {
  if (format?.type === 'json_object') return jsonGrammar();
  if (format?.type !== 'json_schema') return undefined;
  return schemaGrammar(format.json_schema?.schema ?? {});
}
