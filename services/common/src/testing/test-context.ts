import { tokenAuthenticator } from '../http/authenticator.ts';
import type { Authenticator } from '../http/authenticator.ts';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { Lifecycle } from '../lifecycle.ts';
import { createLogger, silentLogger } from '../logger.ts';
import { Metrics } from '../metrics.ts';
import type { ServiceContext } from '../service-context.ts';
import { createTestIdentity } from './identity.ts';
import type { TestIdentity } from './identity.ts';

export interface TestContextOptions {
  readonly name: string;
  /** Who reads the time. Tokens and their checks use it too. */
  readonly clock?: Clock;
  readonly authenticate?: Authenticator;
  /** Gets every log line, parsed; nothing is logged where absent. */
  readonly onLog?: (line: Record<string, unknown>) => void;
}

/** A service's context for tests, with the key that its identity tokens are signed with. */
export interface TestContext extends ServiceContext {
  readonly testIdentity: TestIdentity;
}

export function createTestContext({ name, clock = systemClock, authenticate, onLog }: TestContextOptions): TestContext {
  const testIdentity = createTestIdentity(clock);
  const log =
    onLog === undefined
      ? silentLogger()
      : createLogger({
          service: name,
          level: 'debug',
          destination: { write: (line) => onLog(JSON.parse(line) as Record<string, unknown>) },
        });
  return {
    name,
    version: '0.0.0-test',
    log,
    clock,
    metrics: new Metrics(name),
    lifecycle: new Lifecycle(log),
    authenticate: authenticate ?? tokenAuthenticator({ keyFile: testIdentity.keyFile, audience: name, clock }),
    testIdentity,
  };
}
