import type { ChatChunk } from '../api/chat-schemas.ts';
import { CompletionAssembler } from '../api/completion-assembler.ts';
import type { CachedAnswer } from '../cache/answer-cache.ts';
import type { RoutedStream } from './dispatcher.ts';
import type { Batch } from './routed-stream.ts';

/** The stream, whose events are put together as they pass; what is complete is kept. */
export function keepingStream(
  routed: RoutedStream<ChatChunk>,
  keep: (answer: CachedAnswer) => void,
): RoutedStream<ChatChunk> {
  const assembler = new CompletionAssembler();
  return {
    decision: routed.decision,
    batches: () => watched(routed.batches(), assembler),
    finish: (error) => {
      routed.finish(error);
      const completion = error === undefined ? assembler.completion() : undefined;
      if (completion) keep({ target: routed.decision.target ?? '', text: JSON.stringify(completion) });
    },
  };
}

async function* watched(
  batches: AsyncIterable<Batch<ChatChunk>>,
  assembler: CompletionAssembler,
): AsyncGenerator<Batch<ChatChunk>> {
  for await (const batch of batches) {
    for (const { value } of batch) assembler.add(value);
    yield batch;
  }
}
