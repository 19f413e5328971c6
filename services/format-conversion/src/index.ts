export { createApp } from './app.ts';
export { FormatConversionConfig } from './config.ts';
export { createDeps } from './deps.ts';
export type { Deps } from './deps.ts';
export { createPool } from './pool/create-pool.ts';
