import type { AppError } from '@genai-platform/common';
import { modelUnfit, modelUnknown, nobodyCan } from '../errors.ts';
import type { ModelInfo, Operation, Provider } from '../providers/provider.ts';

/** How the order of a route's targets is decided for each request. */
export type Strategy = 'order' | 'weight' | 'cost' | 'latency';

/** One model of one provider. */
export interface Target {
  /** `provider/model`, by which decisions and metrics name it. */
  readonly id: string;
  readonly provider: Provider;
  readonly model: string;
  readonly weight: number;
  /** Longest time of one attempt until its reply is complete, or until the first event of a stream. */
  readonly timeoutMs: number;
  /** Longest silence between two events of a stream. */
  readonly idleTimeoutMs: number;
}

/** Where requests for a model go. */
export interface Route {
  readonly model: string;
  readonly targets: readonly Target[];
  readonly strategy: Strategy;
  /** For all attempts together; of a stream, until its first event. */
  readonly deadlineMs: number;
  readonly operations?: readonly Operation[];
}

export interface RouteDefaults {
  readonly deadlineMs: number;
  readonly timeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** Which models there are and who serves them: configured routes, then models by the names that providers give them. */
export class RouteBook {
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #providers: readonly Provider[];
  readonly #defaults: RouteDefaults;
  readonly #direct = new Map<string, Route>();

  constructor(routes: readonly Route[], providers: readonly Provider[], defaults: RouteDefaults) {
    this.#routes = new Map(routes.map((route) => [route.model, route]));
    this.#providers = providers;
    this.#defaults = defaults;
    for (const provider of providers) {
      for (const { id, operations } of provider.models) {
        const route = { ...this.#directRoute(id, provider, id), operations };
        if (!this.#direct.has(id)) this.#direct.set(id, route);
        this.#direct.set(`${provider.name}/${id}`, { ...route, model: `${provider.name}/${id}` });
      }
    }
  }

  get routes(): readonly Route[] {
    return [...this.#routes.values()];
  }

  /**
   * @param model by default the first that can, those of configured providers before the embedded ones
   * @param orElse an operation that does as well
   * @throws AppError 404 that names the models that there are, 400 where no model can
   */
  find(model: string | null | undefined, operation: Operation, orElse: Operation = operation): Route {
    const name = model ?? this.#able(operation)[0];
    if (name === undefined) throw nobodyCan(operation);
    const route = this.#lookUp(name);
    const { operations } = route;
    if (operations?.includes(operation) === false && !operations.includes(orElse)) throw this.#unfit(name, operation);
    return route;
  }

  #lookUp(model: string): Route {
    const route = this.#routes.get(model) ?? this.#direct.get(model) ?? this.#prefixed(model);
    if (route === undefined)
      throw modelUnknown(
        model,
        this.models().map(({ id }) => id),
      );
    return route;
  }

  /** Every model by the name that a request may use, each once. */
  models(): ModelInfo[] {
    const known = new Map<string, ModelInfo>();
    for (const { model, targets } of this.#routes.values()) known.set(model, routedModel(model, targets));
    for (const provider of this.#providers) {
      for (const info of provider.models) if (!known.has(info.id)) known.set(info.id, info);
    }
    return [...known.values()];
  }

  /** `provider/model` reaches any model of a configured provider, listed or not. */
  #prefixed(name: string): Route | undefined {
    const slash = name.indexOf('/');
    const provider = this.#providers.find((candidate) => slash > 0 && candidate.name === name.slice(0, slash));
    if (provider === undefined || provider.kind === 'embedded') return undefined;
    return this.#directRoute(name, provider, name.slice(slash + 1));
  }

  #unfit(model: string, operation: Operation): AppError {
    const able = this.#able(operation);
    return able.length === 0 ? nobodyCan(operation) : modelUnfit(model, operation, able);
  }

  #able(operation: Operation): string[] {
    return this.models()
      .filter(({ operations }) => operations.includes(operation))
      .map(({ id }) => id);
  }

  #directRoute(name: string, provider: Provider, model: string): Route {
    const { deadlineMs, timeoutMs, idleTimeoutMs } = this.#defaults;
    const target = { id: `${provider.name}/${model}`, provider, model, weight: 1, timeoutMs, idleTimeoutMs };
    return { model: name, targets: [target], strategy: 'order', deadlineMs };
  }
}

function routedModel(model: string, targets: readonly Target[]): ModelInfo {
  const infos = targets.flatMap(({ provider, model: id }) => provider.models.find((info) => info.id === id) ?? []);
  const operations = [...new Set(infos.flatMap((info) => info.operations))];
  return {
    id: model,
    ownedBy: 'platform',
    // A model that its provider does not list is known by what it is asked for.
    operations: operations.length === 0 ? ['chat', 'embeddings'] : operations,
    details: { targets: targets.map(({ id }) => id) },
  };
}
