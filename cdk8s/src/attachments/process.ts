import type { Context } from '../context.ts';
import type { Attachment } from './attachment.ts';
import { secretsFolder } from './attachment.ts';

/** How long a stopping process keeps serving, until every proxy has seen that it is not ready. */
const drainDelaySeconds = 5;

/** When a stopping process has ended at the latest. */
const graceSeconds = 30;

/** The kubelet kills after this: later than the process ends by itself. */
export const terminationGracePeriodSeconds: number = graceSeconds + 10;

/** What every process of the platform has: its name, its version, where its traces go. */
export function processEnvironment({ settings }: Context, name: string): Attachment {
  return {
    env: {
      SERVICE_NAME: name,
      SERVICE_VERSION: settings.version,
      ...(settings.otlpEndpoint !== undefined && { OTEL_EXPORTER_OTLP_ENDPOINT: settings.otlpEndpoint }),
    },
    mounts: [],
  };
}

/** What every process that answers HTTP has beside it: its address, how it stops, the key that callers sign with. */
export function httpEnvironment({ settings }: Context, port: number): Attachment {
  const folder = `${secretsFolder}/identity`;
  return {
    env: {
      HTTP_HOST: '0.0.0.0',
      HTTP_PORT: String(port),
      SHUTDOWN_DRAIN_DELAY_SECONDS: String(drainDelaySeconds),
      SHUTDOWN_GRACE_SECONDS: String(graceSeconds),
      IDENTITY_KEY_FILE: `${folder}/key`,
    },
    mounts: [{ name: 'identity', path: folder, source: { kind: 'secret', name: settings.names.identity } }],
  };
}
