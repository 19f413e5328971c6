import { TerminalError } from '../runtime/index.ts';

/**
 * Calls something that computes without any effect: what it cannot do now it cannot do again, before the specification or
 * the operator is another. What runs stays as it is. @throws TerminalError `RenderFailed`
 */
export function renderable<T>(compute: () => T): T {
  try {
    return compute();
  } catch (cause) {
    const { message } = cause as Error;
    throw new TerminalError('RenderFailed', `the platform cannot be rendered: ${message}`, { cause });
  }
}
