export { DatabaseSetupConfig } from './config.ts';
export { runSetup } from './run-setup.ts';
