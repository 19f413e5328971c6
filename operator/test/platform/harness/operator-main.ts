import { Metrics, createLogger } from '@genai-platform/common/core';
import { loadConfig } from '../../../src/config.ts';
import { runOperator } from '../../../src/operator.ts';
import { proberLedTo } from './led-prober.ts';

/** The operator as a process of its own, whose verification requests go to a port of this machine. */
const [answererPort = ''] = process.argv.slice(2);

const config = loadConfig();
const log = createLogger({ service: 'genai-operator', level: config.logLevel });
const prober = proberLedTo(() => Number(answererPort));
const { registry } = new Metrics('operator').collectProcess();
const manager = await runOperator({ config, log, registry, prober });
process.once('SIGTERM', () => void manager.stop());
await manager.stopped;
