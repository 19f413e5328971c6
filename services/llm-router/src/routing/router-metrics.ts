import type { Metrics } from '@genai-platform/common';
import type { Decision } from './decision.ts';

/** Counts attempts, tokens and broken streams. */
export interface RouterMetrics {
  finished(decision: Decision): void;
}

export function createRouterMetrics(metrics: Metrics): RouterMetrics {
  const attempts = metrics.counter({
    name: 'attempts_total',
    help: 'Attempts by target and how they went',
    labels: ['target', 'outcome'],
  });
  const tokens = metrics.counter({
    name: 'tokens_total',
    help: 'Tokens by target and kind',
    labels: ['target', 'kind'],
  });
  const broken = metrics.counter({
    name: 'broken_streams_total',
    help: 'Streams that ended with an error event after they had begun',
    labels: ['target'],
  });
  return {
    finished: (decision) => {
      for (const { target, outcome, reason } of decision.attempts) {
        attempts.inc({ target, outcome: outcome === 'answered' ? outcome : (reason ?? outcome) });
      }
      const { target } = decision;
      if (target === null) return;
      if (decision.prompt_tokens > 0) tokens.inc({ target, kind: 'prompt' }, decision.prompt_tokens);
      if (decision.completion_tokens > 0) tokens.inc({ target, kind: 'completion' }, decision.completion_tokens);
      if (decision.outcome === 'broken-off') broken.inc({ target });
    },
  };
}
