import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What is used here of llama.cpp's binding: the prebuilt addon of node-llama-cpp 3.22.1, pinned to that version. */
export interface LlamaAddon {
  readonly AddonModel: new (
    path: string,
    options: { addonExports: LlamaAddon; gpuLayers: number; useMmap: boolean },
  ) => LlamaModel;
  readonly AddonContext: new (
    model: LlamaModel,
    options: {
      contextSize: number;
      batchSize: number;
      sequences: number;
      threads: number;
      flashAttention: boolean;
    },
  ) => LlamaContext;
  readonly AddonSampler: new (model: LlamaModel) => LlamaSampler;
  readonly AddonGrammar: new (
    gbnf: string,
    options: { addonExports: LlamaAddon; rootRuleName: string },
  ) => LlamaGrammar;
  readonly AddonGrammarEvaluationState: new (model: LlamaModel, grammar: LlamaGrammar) => GrammarState;
  markLoaded(): boolean;
  setLogger(logger: (level: number, message: string) => void): void;
  setLoggerLogLevel(level: number): void;
  loadBackends(folder?: string): void;
  getGpuType(): string | false | undefined;
  init(): Promise<void>;
}

export interface LlamaModel {
  init(): Promise<boolean>;
  /** With `specialTokens`, `<|im_start|>` and its kin are read as the tokens that they name. */
  tokenize(text: string, specialTokens: boolean): Uint32Array;
  detokenize(tokens: Uint32Array, specialTokens?: boolean): string;
  isEogToken(token: number): boolean;
}

export interface LlamaContext {
  init(): Promise<boolean>;
  initBatch(size: number): void;
  /** Returns where in the batch the wanted logits will be. */
  addToBatch(sequence: number, position: number, tokens: Uint32Array, wanted: Uint32Array): Uint32Array;
  /** Runs on a thread of its own. */
  decodeBatch(): Promise<void>;
  /** Also moves the sampler's grammar on by that token; -1 where the grammar allows none. */
  sampleToken(logits: number, sampler: LlamaSampler): Promise<number>;
  disposeSequence(sequence: number): void;
}

export interface SamplerSettings {
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  readonly repeatPenalty?: number;
  readonly repeatPenaltyTokens?: Uint32Array;
  readonly repeatPenaltyPresencePenalty?: number;
  readonly repeatPenaltyFrequencyPenalty?: number;
  readonly grammarEvaluationState?: GrammarState;
}

export interface LlamaSampler {
  applyConfig(settings: SamplerSettings): void;
  dispose(): void;
}

export interface LlamaGrammar {
  isTextCompatible(text: string): boolean;
}

export interface GrammarState {
  readonly __grammarState?: never;
}

const ERRORS_ONLY = 2;

/** Loads the addon for this machine's processor. @throws Error where there is no prebuilt one for this machine */
export async function loadLlama(): Promise<LlamaAddon> {
  const place = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  const entry = require.resolve(`@node-llama-cpp/${place}`);
  const folder = join(dirname(entry), '..', 'bins', place);
  const addon = require(join(folder, 'llama-addon.node')) as LlamaAddon;
  addon.markLoaded();
  addon.setLogger(() => undefined);
  addon.setLoggerLogLevel(ERRORS_ONLY);
  // First those beside the program, which there are none of; then the package's own, the best for this processor.
  addon.loadBackends();
  if (addon.getGpuType() === undefined) addon.loadBackends(folder);
  await addon.init();
  return addon;
}
