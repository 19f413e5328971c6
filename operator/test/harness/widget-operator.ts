import { Registry } from 'prom-client';
import type { Cluster, ControllerOptions, LeaseOptions, Manager, Step } from '../../src/runtime/index.ts';
import { defineController, done, startManager } from '../../src/runtime/index.ts';
import type { LogLine } from './quiet-log.ts';
import { quietLog } from './quiet-log.ts';
import type { ConfigMap, Secret, Widget } from './widget.ts';
import { configMaps, secrets, widgets } from './widget.ts';
import { testOwnership } from './workbench.ts';

/** A ConfigMap that tells the widget's size. */
export function sizeOf({ metadata, spec }: Widget): ConfigMap {
  const { name, namespace = '' } = metadata;
  const data = { size: String(spec.size ?? 0), color: spec.color ?? 'none' };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${name}-size`, namespace }, data };
}

/** Generates a key once and applies the size: what a small real controller does. */
export const makeKey: Step<Widget> = {
  name: 'key',
  condition: 'KeyReady',
  async run({ object, create }) {
    const { name, namespace = '' } = object.metadata;
    const data = { key: Buffer.from(crypto.randomUUID()).toString('base64') };
    const secret: Secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: `${name}-key`, namespace }, data };
    await create(secret);
    return done('KeyMade');
  },
};

export const applySize: Step<Widget> = {
  name: 'size',
  condition: 'SizeReady',
  async run({ object, apply, status }) {
    await apply([sizeOf(object)]);
    status.painted = object.spec.color;
    return done('SizeApplied', `size ${object.spec.size}`);
  },
};

export interface WidgetOperatorOptions extends Partial<ControllerOptions<Widget>> {
  readonly lease?: Omit<LeaseOptions, 'namespace' | 'name'>;
  readonly drainMs?: number;
  readonly namespaces?: readonly string[];
}

/** A running operator of widgets, with everything it logged. */
export class WidgetOperator {
  readonly lines: LogLine[];
  readonly registry: Registry;
  readonly manager: Manager;

  private constructor(manager: Manager, lines: LogLine[], registry: Registry) {
    this.manager = manager;
    this.lines = lines;
    this.registry = registry;
  }

  static async start(cluster: Cluster, options: WidgetOperatorOptions = {}): Promise<WidgetOperator> {
    const { lease, drainMs, namespaces, ...controller } = options;
    const lines: LogLine[] = [];
    const registry = new Registry();
    const controllers = [
      defineController<Widget>({
        kind: widgets,
        owns: [configMaps, secrets],
        steps: [makeKey, applySize],
        ...controller,
      }),
    ];
    const manager = await startManager({
      cluster,
      controllers,
      ownership: testOwnership,
      registry,
      log: quietLog(lines),
      name: 'widget-operator',
      instance: lease?.identity ?? 'only',
      health: { host: '127.0.0.1', port: 0 },
      ...(lease && { lease: { namespace: 'default', name: 'widget-operator', ...lease } }),
      ...(drainMs !== undefined && { drainMs }),
      ...(namespaces && { namespaces }),
    });
    return new WidgetOperator(manager, lines, registry);
  }

  stop(): Promise<void> {
    return this.manager.stop();
  }

  /** A page of the health server: status and text. */
  async page(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`http://127.0.0.1:${this.manager.healthPort}${path}`);
    return { status: response.status, text: await response.text() };
  }

  /** The value of a metric, all labels summed. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const metric = (await this.registry.getMetricsAsJSON()).find((each) => each.name === name);
    const values = (metric?.values ?? []) as { readonly value: number; readonly labels: Record<string, string> }[];
    return values
      .filter((value) => Object.entries(labels).every(([label, wanted]) => value.labels[label] === wanted))
      .reduce((sum, { value }) => sum + value, 0);
  }
}
