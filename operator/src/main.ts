import { Metrics, createLogger, startTracing } from '@genai-platform/common/core';
import type { Config } from './config.ts';
import { loadConfig } from './config.ts';
import { runOperator } from './operator.ts';

const config = configured();
const log = createLogger({ service: 'genai-operator', version: config.platformVersion, level: config.logLevel });
const tracing = await startTracing({
  service: 'genai-operator',
  version: config.platformVersion,
  endpoint: config.otlpEndpoint,
  log,
});
const { registry } = new Metrics('operator').collectProcess();
const manager = await runOperator({ config, log, registry, onStopped: () => tracing.stop() });

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    log.info({ signal }, 'stopping');
    void manager.stop();
  });
}

try {
  await manager.stopped;
} catch (error) {
  // A lease that was lost cannot be won back by this process: whoever runs it starts it again.
  log.fatal({ err: error }, 'the operator cannot go on');
  process.exitCode = 1;
}

function configured(): Config {
  try {
    return loadConfig();
  } catch (error) {
    createLogger({ service: 'genai-operator' }).fatal({ err: error }, 'the configuration is invalid');
    return process.exit(1);
  }
}
