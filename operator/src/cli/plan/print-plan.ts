import type { Style } from '../output/style.ts';
import type { Change } from './changes.ts';
import type { FieldChange } from './field-changes.ts';
import type { Plan } from './plan.ts';

const MAX_VALUE = 100;
/** Fields of one object that a person is shown; `-o wide` shows all. */
const MAX_FIELDS = 12;

/** The plan as people read it: what is created, changed, restarted, replaced, lost, and what to think about before. */
export function printPlan(plan: Plan, style: Style, wide: boolean): string {
  const { platform, changes, restarts } = plan;
  const of = (action: Change['action']): Change[] => changes.filter((change) => change.action === action);
  const sections = [
    section('Specification', plan.spec.map((field) => `  ${style.yellow('~')} ${fieldText(field)}`)),
    section('Create', createdLines(of('create'), style)),
    section('Change', of('change').flatMap((change) => changeLines(change, style, wide))),
    section('Restart', restarts.flatMap(({ kind, name, pods, how, because }) => [
      `  ${style.yellow('↻')} ${kind} ${name}   ${pods} ${pods === 1 ? 'pod' : 'pods'}: ${how}`,
      ...(wide ? because.map((path) => style.dim(`      because of ${path}`)) : []),
    ])),
    section('Replace', of('replace').map(({ kind, name, replaces }) =>
      `  ${style.yellow('±')} ${kind} ${replaces === undefined ? name : `${replaces} → ${name}`}`)),
    section('Lose', of('delete').map(({ kind, name }) => `  ${style.red('-')} ${kind} ${name}`)),
    section('Warnings', plan.warnings.map(({ type, message }) =>
      `  ${type === 'DataLoss' ? style.red('!') : style.yellow('!')} ${type}: ${message}`)),
    section('Would stop', plan.stopsAt ? [`  ${style.red('✗')} ${plan.stopsAt.reason}: ${plan.stopsAt.message}`] : []),
  ].filter((text) => text !== ''); // prettier-ignore
  const title = `${style.bold(`${platform.namespace}/${platform.name}`)}${platform.exists ? '' : ' (new)'}${revisionText(plan)}`;
  return `${[title, ...sections, summaryOf(plan)].join('\n\n')}\n`;
}

function revisionText({ revision: { from, to } }: Plan): string {
  if (to === undefined) return '';
  if (from === undefined || from === to) return `   revision ${to}`;
  return `   revision ${from} → ${to}`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}\n${lines.join('\n')}`;
}

/** A new platform is some sixty objects: one line for each kind. */
function createdLines(created: readonly Change[], style: Style): string[] {
  const byKind = new Map<string, string[]>();
  for (const { kind, name } of created) byKind.set(kind, [...(byKind.get(kind) ?? []), name]);
  return [...byKind].map(([kind, names]) => `  ${style.green('+')} ${kind} ${names.join(', ')}`);
}

function changeLines({ kind, name, fields = [] }: Change, style: Style, wide: boolean): string[] {
  const shown = wide ? fields : fields.slice(0, MAX_FIELDS);
  const more = fields.length - shown.length;
  const none = fields.length === 0 ? [style.dim('      only what the operator notes of it')] : [];
  return [
    `  ${style.yellow('~')} ${kind} ${name}`,
    ...shown.map((field) => `      ${fieldText(field)}`),
    ...(more > 0 ? [style.dim(`      and ${more} more (-o wide)`)] : []),
    ...none,
  ];
}

function fieldText({ path, ...change }: FieldChange): string {
  if (!('from' in change)) return `${path}: ${valueText(change.to)} (added)`;
  if (!('to' in change)) return `${path}: ${valueText(change.from)} (removed)`;
  return `${path}: ${valueText(change.from)} → ${valueText(change.to)}`;
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const line = text.replaceAll('\n', '⏎');
  return line.length <= MAX_VALUE ? line : `${line.slice(0, MAX_VALUE - 1)}…`;
}

function summaryOf({ changed, changes, restarts, spec }: Plan): string {
  if (!changed) return 'Nothing changes.';
  const count = (action: Change['action']): number => changes.filter((change) => change.action === action).length;
  const parts = [
    [count('create'), 'to create'],
    [count('change'), 'to change'],
    [restarts.length, 'to restart'],
    [count('replace'), 'to replace'],
    [count('delete'), 'to lose'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  if (told.length > 0) return `${told.join(', ')}.`;
  return spec.length > 0 ? 'The specification changes, and no object.' : 'Nothing changes.';
}
