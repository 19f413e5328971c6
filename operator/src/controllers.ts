import { platformController } from './platform/controller.ts';
import type { PlatformDeps } from './platform/session.ts';
import type { Controller } from './runtime/index.ts';

/** Every controller of the operator. */
export function controllers(deps: PlatformDeps): Controller[] {
  return [platformController(deps)];
}
