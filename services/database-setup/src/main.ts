import { runSetup } from './run-setup.ts';

process.exitCode = await runSetup();
