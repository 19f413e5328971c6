import { createLogger } from '@genai-platform/common/core';
import { Registry } from 'prom-client';
import type { AuditEvent, ControlPlane, ControlPlaneOptions } from '../../../../test/harness/control-plane.ts';
import { startControlPlane } from '../../../../test/harness/control-plane.ts';
import { loadConfig } from '../../../src/config.ts';
import type { OperatorParts } from '../../../src/operator.ts';
import { runOperator } from '../../../src/operator.ts';
import type { Manager } from '../../../src/runtime/index.ts';
import { Answerer } from './answerer.ts';
import { OPERATOR, SYSTEM, installChart } from './install-chart.ts';
import { Place } from './place.ts';
import { PodDouble } from './pod-double.ts';

/** The name by which the audit log knows the operator. */
export const OPERATOR_USER = `system:serviceaccount:${SYSTEM}:${OPERATOR}`;

/** Records who asked for what, without what was said. */
export const auditPolicy = { rules: [{ level: 'Metadata' }], omitStages: ['RequestReceived'] };

export function isWrite({ verb }: AuditEvent): boolean {
  return !['get', 'list', 'watch'].includes(verb);
}

/** What a test changes about an operator that it starts. */
export interface OperatorChanges {
  readonly environment?: Readonly<Record<string, string>>;
  readonly controllers?: OperatorParts['controllers'];
  readonly registry?: Registry;
}

/**
 * A control plane with the operator's chart in it (definition, account, rights), a double for the kubelets and one for
 * the workloads' HTTP side. The operator runs in this process, as the chart's ServiceAccount and with its rights.
 */
export class World {
  readonly plane: ControlPlane;
  readonly pods: PodDouble;
  readonly answerer: Answerer;
  /** Of the chart’s ServiceAccount. */
  readonly kubeconfig: string;
  readonly #running = new Set<Manager>();
  #places = 0;
  /** The last lines that the operator logged, for the error of a test that waits in vain. */
  readonly #log: string[] = [];

  constructor(plane: ControlPlane, kubeconfig: string, answerer: Answerer) {
    this.plane = plane;
    this.kubeconfig = kubeconfig;
    this.answerer = answerer;
    this.pods = new PodDouble(plane).start();
  }

  static async start(options: ControlPlaneOptions = {}): Promise<World> {
    const plane = await startControlPlane(options);
    await installChart(plane);
    return new World(
      plane,
      await plane.kubeconfigFor({ namespace: SYSTEM, name: OPERATOR }),
      await new Answerer().start(),
    );
  }

  async stop(): Promise<void> {
    await this.stopOperators();
    await this.pods.stop();
    this.answerer.stop();
    await this.plane.stop();
  }

  /** Starts one replica of the operator; by default the only one. */
  async startOperator({ environment, controllers, registry }: OperatorChanges = {}): Promise<Manager> {
    const config = loadConfig({
      KUBECONFIG: this.kubeconfig,
      PLATFORM_VERSION: '0.1.0',
      POD_NAME: `operator-${this.#running.size}`,
      POD_NAMESPACE: SYSTEM,
      HEALTH_PORT: '0',
      LEADER_ELECTION_LEASE_NAME: OPERATOR,
      ...environment,
    });
    const destination = { write: (line: string) => this.#note(line) };
    const log = createLogger({ service: 'genai-operator', level: 'info', destination });
    const parts = {
      config,
      log,
      registry: registry ?? new Registry(),
      prober: this.answerer.prober(),
      ...(controllers && { controllers }),
    };
    const manager = await runOperator(parts);
    this.#running.add(manager);
    return manager;
  }

  /** The log is the same array for every place, so it is shortened where it is. */
  #note(line: string): void {
    this.#log.push(line.slice(0, 600));
    if (this.#log.length > 2_000) this.#log.splice(0, 1_000);
  }

  async stopOperator(manager: Manager): Promise<void> {
    await manager.stop();
    this.#running.delete(manager);
  }

  async stopOperators(): Promise<void> {
    await Promise.all([...this.#running].map((manager) => this.stopOperator(manager)));
  }

  /** A namespace of its own for a test, in which the strictest pod security holds. */
  async place(): Promise<Place> {
    this.#places += 1;
    const name = `test-${this.#places}`;
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await this.plane.request('POST', '/api/v1/namespaces', { metadata: { name, labels } });
    return new Place(name, { plane: this.plane, log: this.#log, addRule: (rule) => this.pods.rule(rule) });
  }

  /** What the operator has written so far by the audit log, which the world must have; its Lease aside. */
  async writes(): Promise<string[]> {
    return (await this.calls()).filter(isWrite).map(({ verb, requestURI }) => `${verb} ${requestURI}`);
  }

  /** What the operator has asked for so far by the audit log; its Lease and watches aside. */
  async calls(): Promise<AuditEvent[]> {
    const isCall = ({ user, verb, objectRef }: AuditEvent): boolean =>
      user.username === OPERATOR_USER && verb !== 'watch' && objectRef?.resource !== 'leases';
    return (await this.plane.auditEvents()).filter(isCall);
  }
}
