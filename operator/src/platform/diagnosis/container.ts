import type { V1ContainerStateTerminated, V1ContainerStatus } from '@kubernetes/client-node';
import type { Diagnosis } from './diagnosis.ts';
import { lastWords } from './diagnosis.ts';

/** What the kubelet calls the same trouble at different moments. */
const WAITING: Readonly<Record<string, 'ImagePullFailed' | 'ContainerConfigInvalid'>> = {
  ErrImagePull: 'ImagePullFailed',
  ImagePullBackOff: 'ImagePullFailed',
  ErrImageNeverPull: 'ImagePullFailed',
  InvalidImageName: 'ImagePullFailed',
  ImageInspectError: 'ImagePullFailed',
  CreateContainerConfigError: 'ContainerConfigInvalid',
  CreateContainerError: 'ContainerConfigInvalid',
  RunContainerError: 'ContainerConfigInvalid',
};

/** Why a container is not ready, in its own or the kubelet's words; undefined while it is only starting. */
export function diagnoseContainer(status: V1ContainerStatus): Diagnosis | undefined {
  return waiting(status) ?? crash(status) ?? probeFailure(status);
}

function waiting({ image, state }: V1ContainerStatus): Diagnosis | undefined {
  const { reason = '', message } = state?.waiting ?? {};
  switch (WAITING[reason]) {
    case 'ImagePullFailed':
      return { reason: 'ImagePullFailed', message: `image ${image}: ${pullError(message)}` };
    case 'ContainerConfigInvalid':
      return { reason: 'ContainerConfigInvalid', message: message ?? reason };
    default:
      return undefined;
  }
}

/** A pull is tried, fails and backs off by turns, each with words of its own around the same cause. */
function pullError(message = ''): string {
  return message.replace(/^Back-off pulling image "[^"]*"(: )?(ErrImagePull: )?/, '') || 'cannot be pulled';
}

function crash({ ready, state, lastState }: V1ContainerStatus): Diagnosis | undefined {
  const ended = state?.terminated ?? (ready ? undefined : lastState?.terminated);
  if (ended === undefined || ended.exitCode === 0) return undefined;
  const words = lastWords(ended.message ?? '');
  return { reason: 'ContainerCrashing', message: `ended with ${describeEnd(ended)}${words && `: ${words}`}` };
}

function describeEnd({ exitCode, reason }: V1ContainerStateTerminated): string {
  // `Error` says no more than the exit code; `OOMKilled` and `ContainerCannotRun` do.
  return reason && reason !== 'Error' ? `${reason}, exit code ${exitCode}` : `exit code ${exitCode}`;
}

function probeFailure({ ready, started, state }: V1ContainerStatus): Diagnosis | undefined {
  // `started` is set once the startup probe has passed: from then on not ready means that the readiness probe fails.
  if (!state?.running || !started || ready) return undefined;
  return { reason: 'ProbeFailing', message: 'runs, but its readiness probe does not succeed' };
}
