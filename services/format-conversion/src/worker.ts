/** A worker process of the pool: does one task after another, each answered by one message. */
import { ConversionError } from './domain/conversion-error.ts';
import { runTask } from './pool/run-task.ts';
import type { Answer, Task } from './pool/task.ts';

process.on('message', (task: Task) => {
  void answer(task).then((reply) => process.send?.(reply));
});
// Whoever started this process is gone.
process.on('disconnect', () => process.exit());

async function answer(task: Task): Promise<Answer> {
  try {
    return { state: 'done', outcome: await runTask(task) };
  } catch (error) {
    if (error instanceof ConversionError) return { state: 'refused', code: error.code, detail: error.message };
    // A document too deep for the stack is the document's fault; the limits should have said so before.
    if (error instanceof RangeError && /call stack/i.test(error.message)) {
      return { state: 'refused', code: 'CONVERT_DOCUMENT_TOO_LARGE', detail: 'The document nests too deeply.' };
    }
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { state: 'crashed', message, stack };
  }
}
