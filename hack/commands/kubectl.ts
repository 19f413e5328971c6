import { kubectlPath } from '../kind/tools.ts';
import { runTool } from './run-tool.ts';

await runTool(await kubectlPath());
