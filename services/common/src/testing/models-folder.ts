import { join } from 'node:path';

/**
 * The folder in which each embedded model has a folder of its own, by name; `hack/test` and `hack/dev` fill it, as does
 * `hack/run hack/models/main.ts`.
 */
export const modelsFolder: string = join(import.meta.dirname, '../../../../.hack/models');
