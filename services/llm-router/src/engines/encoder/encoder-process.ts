/** A process of its own: `node encoder-process.js <folder of the model> <threads>`. */
import { serveTasks } from '../serve-tasks.ts';
import { Batcher } from './batcher.ts';
import { maxTokens, OnnxEncoder } from './onnx-encoder.ts';

const [folder = '', threads = '1'] = process.argv.slice(2);

// Without a parent there is nobody to answer: so it is when an image compiles its code.
if (process.send !== undefined) {
  await serveTasks(async () => new Batcher(await OnnxEncoder.load(folder, Number(threads)), maxTokens).run);
}
