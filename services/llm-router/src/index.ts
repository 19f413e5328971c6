export { createApp } from './app.ts';
export { LlmRouterConfig } from './config.ts';
export { createDeps } from './deps.ts';
export type { Deps } from './deps.ts';
