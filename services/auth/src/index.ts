export { createApp } from './app.ts';
export { AuthConfig } from './config.ts';
export { createDeps } from './deps.ts';
export type { Deps } from './deps.ts';
