import type { GeneratedPiece, GenerateTask } from '../engine-messages.ts';
import type { TaskOutput } from '../serve-tasks.ts';
import type { GrammarState, LlamaAddon, LlamaModel, LlamaSampler } from './llama-addon.ts';
import { TextGate } from './text-gate.ts';

/** How many of the last tokens penalties look at. */
const PENALTY_TOKENS = 256;

/** One text in the making: its prompt, what was said, and the rules for the next token. */
export class Generation {
  readonly prompt: Uint32Array;
  readonly signal: AbortSignal;
  readonly #task: GenerateTask;
  readonly #model: LlamaModel;
  readonly #sampler: LlamaSampler;
  readonly #grammar: GrammarState | undefined;
  readonly #gate: TextGate;
  readonly #tokens: number[] = [];
  readonly #say: (piece: GeneratedPiece) => void;
  /** Tokens of the prompt and of the text that the model has seen. */
  position = 0;

  constructor(
    { addon, model }: { addon: LlamaAddon; model: LlamaModel },
    task: GenerateTask,
    output: TaskOutput<GeneratedPiece>,
  ) {
    this.#model = model;
    this.#task = task;
    this.#say = (piece) => output.part(piece);
    this.signal = output.signal;
    this.prompt = model.tokenize(task.prompt, true);
    this.#grammar = task.grammar === undefined ? undefined : grammarState(addon, model, task.grammar);
    this.#sampler = new addon.AddonSampler(model);
    this.#gate = new TextGate(task.stop, (tokens) => model.detokenize(Uint32Array.from(tokens)));
    this.#configure();
  }

  /** What the model has to read next, at most `most` tokens: the prompt in pieces, then the last token. */
  unread(most: number): Uint32Array {
    const { length } = this.prompt;
    return this.position < length
      ? this.prompt.subarray(this.position, this.position + most)
      : Uint32Array.from(this.#tokens.slice(-1));
  }

  /** Whether all of the prompt has been read. */
  get speaking(): boolean {
    return this.position >= this.prompt.length;
  }

  get sampler(): LlamaSampler {
    if (this.#hasPenalties()) this.#configure();
    return this.#sampler;
  }

  /** Takes the next token; returns the last piece where it ends the text. */
  accept(token: number, room: number): GeneratedPiece | undefined {
    // -1: the grammar allows nothing further.
    if (token < 0 || this.#model.isEogToken(token)) return this.#last(this.#gate.end(), 'stop');
    this.#tokens.push(token);
    const { text, stopped } = this.#gate.push(token);
    if (stopped) return this.#last(text, 'stop');
    if (this.#tokens.length >= this.#task.maxTokens || room <= 0) return this.#last(text + this.#gate.end(), 'length');
    if (text !== '') this.#say({ text, ...this.#counts() });
    return undefined;
  }

  dispose(): void {
    this.#sampler.dispose();
  }

  #last(text: string, finish: 'stop' | 'length'): GeneratedPiece {
    return { text, finish, ...this.#counts() };
  }

  #counts(): Pick<GeneratedPiece, 'promptTokens' | 'completionTokens'> {
    return { promptTokens: this.prompt.length, completionTokens: this.#tokens.length };
  }

  #hasPenalties(): boolean {
    return this.#task.presencePenalty !== 0 || this.#task.frequencyPenalty !== 0;
  }

  #configure(): void {
    const { temperature, topP, seed, presencePenalty, frequencyPenalty } = this.#task;
    this.#sampler.applyConfig({
      temperature,
      topP,
      seed,
      ...(this.#grammar !== undefined && { grammarEvaluationState: this.#grammar }),
      ...(this.#hasPenalties() && {
        repeatPenalty: 1,
        repeatPenaltyTokens: Uint32Array.from(this.#tokens.slice(-PENALTY_TOKENS)),
        repeatPenaltyPresencePenalty: presencePenalty,
        repeatPenaltyFrequencyPenalty: frequencyPenalty,
      }),
    });
  }
}

function grammarState(addon: LlamaAddon, model: LlamaModel, gbnf: string): GrammarState {
  const grammar = new addon.AddonGrammar(gbnf, { addonExports: addon, rootRuleName: 'root' });
  return new addon.AddonGrammarEvaluationState(model, grammar);
}
