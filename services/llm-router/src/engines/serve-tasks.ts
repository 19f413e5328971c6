import type { EngineAnswer, EngineQuestion, Refusal } from './engine-messages.ts';

/** Thrown by an engine where a task cannot be done as it is. */
export class TaskRefused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.name = 'TaskRefused';
    this.refusal = refusal;
  }
}

/** What a task can say while it runs, and whether somebody still waits for it. */
export interface TaskOutput<A> {
  readonly signal: AbortSignal;
  part(part: A): void;
}

/** Does tasks; several may run at once. The result is the last part. */
export type TaskRunner<T, A> = (task: T, output: TaskOutput<A>) => Promise<A>;

/**
 * The life of an engine's process: loads, says that it is ready, answers what its parent asks, and ends with it. What
 * cannot be loaded is said before the process ends.
 */
export async function serveTasks<T, A>(load: () => Promise<TaskRunner<T, A>>): Promise<void> {
  const say = (answer: EngineAnswer<A>): void => void process.send?.(answer);
  process.once('disconnect', () => process.exit(0));
  try {
    answerTasks(await load(), say);
    say({ kind: 'ready' });
  } catch (error) {
    say({ kind: 'broken', detail: messageOf(error) });
    process.disconnect?.();
  }
}

function answerTasks<T, A>(run: TaskRunner<T, A>, say: (answer: EngineAnswer<A>) => void): void {
  const running = new Map<number, AbortController>();
  const start = async (id: number, task: T): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const part = await run(task, {
        signal: controller.signal,
        part: (piece) => say({ kind: 'part', id, part: piece }),
      });
      say({ kind: 'end', id, part });
    } catch (error) {
      say({ kind: 'refused', id, refusal: refusalOf(error) });
    } finally {
      running.delete(id);
    }
  };
  process.on('message', (question: EngineQuestion<T>) => {
    if (question.kind === 'cancel') running.get(question.id)?.abort();
    else void start(question.id, question.task);
  });
}

function refusalOf(error: unknown): Refusal {
  return error instanceof TaskRefused ? error.refusal : { reason: 'failed', detail: messageOf(error) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
