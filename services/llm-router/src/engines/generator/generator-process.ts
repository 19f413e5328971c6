/** A process of its own: `node generator-process.js <folder of the model> <threads> <sequences> <tokens of each>`. */
import { join } from 'node:path';
import { serveTasks } from '../serve-tasks.ts';
import { loadLlama } from './llama-addon.ts';
import { loadModel, Scheduler } from './scheduler.ts';

const [folder = '', threads = '1', sequences = '1', contextTokens = '1024'] = process.argv.slice(2);

// Without a parent there is nobody to answer: so it is when an image compiles its code.
if (process.send !== undefined) {
  await serveTasks(async () => {
    const settings = {
      addon: await loadLlama(),
      threads: Number(threads),
      sequences: Number(sequences),
      contextTokens: Number(contextTokens),
    };
    return new Scheduler(await loadModel(join(folder, 'model.gguf'), settings)).run;
  });
}
