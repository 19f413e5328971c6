import type { Provider } from '../providers/provider.ts';
import type { Route, RouteDefaults } from '../routing/route-book.ts';
import type { RouteSettings } from './llm-settings.ts';

/** The configured routes with every default filled in. */
export function buildRoutes(
  settings: readonly RouteSettings[],
  providers: readonly Provider[],
  defaults: RouteDefaults,
): Route[] {
  return settings.map(({ model, strategy, deadline_ms: deadlineMs, targets }) => ({
    model,
    strategy,
    deadlineMs: deadlineMs ?? defaults.deadlineMs,
    targets: targets.map(({ provider: name, model: wanted, ...target }) => {
      const provider = providers.find((candidate) => candidate.name === name);
      if (provider === undefined) throw new Error(`the route ${model} leads to ${name}, which does not run`);
      return {
        id: `${name}/${wanted}`,
        provider,
        model: wanted,
        weight: target.weight,
        timeoutMs: target.timeout_ms ?? defaults.timeoutMs,
        idleTimeoutMs: target.idle_timeout_ms ?? defaults.idleTimeoutMs,
      };
    }),
  }));
}
