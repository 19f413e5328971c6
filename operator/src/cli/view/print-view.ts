import type { Style } from '../output/style.ts';
import type { ComponentView, PlatformView, WorkloadView } from './platform-view.ts';
import type { Health, PodView } from './pod-view.ts';

interface Node {
  readonly text: string;
  readonly children: readonly Node[];
}

/**
 * The platform as a tree: components, their workloads, their pods with what they say of themselves.
 * @param columns of a terminal that is drawn over; elsewhere lines are as long as they are.
 */
export function printView(view: PlatformView, style: Style, columns = 0): string {
  const mark = marks(style);
  const { namespace, name, summary, version, services, currentRevision } = view;
  const facts = [
    version === undefined ? '' : `version ${version}`,
    currentRevision === undefined ? '' : `revision ${currentRevision}`,
    services === undefined ? '' : `services ${services}`,
  ].filter((text) => text !== '');
  const title = `${mark(view.health)} ${style.bold(`${namespace}/${name}`)}   ${[summary, ...facts].join('   ')}`;
  const lines = [title, ...branches(view.components.map((component) => componentNode(component, mark)))];
  return `${lines.map((line) => clip(line, columns)).join('\n')}\n`;
}

type Mark = (health: Health) => string;

function marks(style: Style): Mark {
  const texts = { good: style.green('✓'), busy: style.yellow('…'), bad: style.red('✗') };
  return (health) => texts[health];
}

function componentNode({ name, health, message, workloads }: ComponentView, mark: Mark): Node {
  const text = `${mark(health)} ${name}${message === undefined ? '' : `   ${message}`}`;
  return { text, children: workloads.map((workload) => workloadNode(workload, mark)) };
}

function workloadNode({ name, kind, health, ready, desired, version, message, pods }: WorkloadView, mark: Mark): Node {
  const parts = [kind === 'Deployment' ? name : `${kind} ${name}`, `${ready}/${desired}`, version, message];
  const text = parts.filter((part) => part !== undefined).join('   ');
  return { text: `${mark(health)} ${text}`, children: pods.map((pod) => podNode(pod, mark)) };
}

function podNode({ name, health, phase, restarts, message }: PodView, mark: Mark): Node {
  const restarted = restarts === 0 ? '' : `   ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`;
  return { text: `${mark(health)} ${name}   ${phase}${restarted}${message === undefined ? '' : `   ${message}`}`, children: [] }; // prettier-ignore
}

function branches(nodes: readonly Node[], indent = ''): string[] {
  return nodes.flatMap(({ text, children }, index) => {
    const last = index === nodes.length - 1;
    return [`${indent}${last ? '└─' : '├─'} ${text}`, ...branches(children, `${indent}${last ? '   ' : '│  '}`)];
  });
}

// eslint-disable-next-line no-control-regex -- the sequences that colour a text take no room
const SEQUENCE = /\u001b\[[0-9;]*m/g;
const LONGEST = 1_000;

/** One line of a terminal at most, so that it can be drawn over; elsewhere as much as a person reads. */
function clip(line: string, columns: number): string {
  const flat = line.replaceAll('\n', ' ');
  const width = columns > 0 ? columns : LONGEST;
  const visible = flat.replace(SEQUENCE, '');
  if (visible.length <= width) return flat;
  const excess = visible.length - width + 1;
  return `${flat.slice(0, flat.length - excess)}…`;
}
