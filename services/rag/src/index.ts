export { createApp } from './app.ts';
export { RagConfig } from './config.ts';
export { createDeps } from './deps.ts';
export type { Deps } from './deps.ts';
