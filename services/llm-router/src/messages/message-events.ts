import type { Message, MessageBlock, MessageEvent } from '../api/message-schemas.ts';

/** What a block begins with, and what is added to it, by its type; other blocks come whole. */
const PIECES: ReadonlyMap<string, readonly { readonly member: string; readonly delta: string }[]> = new Map([
  ['text', [{ member: 'text', delta: 'text_delta' }]],
  [
    'thinking',
    [
      { member: 'thinking', delta: 'thinking_delta' },
      { member: 'signature', delta: 'signature_delta' },
    ],
  ],
]);

/** A whole message as the events of a stream. */
export function messageEvents(message: Message): MessageEvent[] {
  const { content, stop_reason: reason, stop_sequence: sequence, usage } = message;
  const begun = { ...message, content: [], stop_reason: null, stop_sequence: null };
  return [
    { type: 'message_start', message: begun },
    ...content.flatMap(blockEvents),
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: sequence }, usage },
    { type: 'message_stop' },
  ];
}

function blockEvents(block: MessageBlock, index: number): MessageEvent[] {
  const { start, deltas } = block['input'] === undefined ? byText(block) : byInput(block);
  return [
    { type: 'content_block_start', index, content_block: start },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

interface Pieces {
  readonly start: MessageBlock;
  readonly deltas: readonly object[];
}

function byText(block: MessageBlock): Pieces {
  const pieces = PIECES.get(block.type) ?? [];
  return {
    start: { ...block, ...Object.fromEntries(pieces.map(({ member }) => [member, ''])) },
    deltas: pieces.map(({ member, delta }) => ({ type: delta, [member]: block[member] ?? '' })),
  };
}

function byInput(block: MessageBlock): Pieces {
  return {
    start: { ...block, input: {} },
    deltas: [{ type: 'input_json_delta', partial_json: JSON.stringify(block['input']) }],
  };
}
